// Package plots draws the figures of a training: its curves, the confusion matrix,
// the worst mistakes, the first layer's filters, and examples of each class, as PNG
// or SVG, with gonum.org/v1/plot. It knows nothing about networks and data sets: it
// takes numbers and pixels.
//
// Lines have the colours of Okabe & Ito (2008) and differ in dashes and marks
// too. Matrices have cividis (Nuñez, Anderton & Renslow 2018), which is
// perceptually uniform and looks the same with a colour-vision deficiency;
// weights have a map from blue through white to orange. The fonts of package plot
// lack kana and kanji: a class whose name they can't draw is labelled by its number.
package plots
