// Package study puts the findings about MLPs and CNNs on KMNIST to the test.
//
// An [Experiment] is a value: what is varied, what is held fixed, which figures to
// draw, and what is claimed. [Experiments] lists those on KMNIST; a new experiment
// is another value, added there or to a list of your own. A [Plan] is the trainings
// that a selection of experiments needs on some data. [Run] runs them, several at
// once, and appends each to a [Store] as it finishes; a training that is stored
// already is never repeated. [Analyse] judges every claim from the stored results,
// and [WriteReport] writes the report in Markdown and HTML.
//
// # Protocol
//
// Every configuration is first trained at each of a small set of learning rates
// on four fifths of its training images and evaluated on the rest, the validation set;
// on up to [MaxSplits] validation sets if one has fewer than [HeldEnough] images.
// At the best of these rates it is then trained on all its training images, once
// for each seed, for a fixed number of epochs, and evaluated once, after the
// last epoch, on the test set. Nothing is ever chosen on the test set.
//
// # Statistics
//
// Every claim is a list of contrasts of means, Σ cᵢ·μᵢ > δ, each put to Welch's
// t-test both ways at α = [Alpha], with Holm's correction over the list. A claim
// holds if every contrast is shown to be so, does not hold if any is shown to be
// the other way round, and is undecided otherwise. See [Judge].
package study
