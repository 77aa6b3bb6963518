package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"glyph/cmd/glyph/internal/flags"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
)

// fit adapts a spec to the images and classes of the data. A network that training
// starts from keeps its shape, unless flags describe another: its images must be the
// data's, and it may have more classes.
func fit(f *flags.Train, spec models.Spec, start *runs.Weights, l *loaded) (models.Spec, error) {
	shape := l.Train.Shape
	if start != nil && !f.Network.Describes() {
		in, classes := spec.InputShape(), spec.WithDefaults().Classes
		switch {
		case in != shape:
			return spec, fmt.Errorf("--weights %s takes images of %d×%d, and those of %s are %d×%d", start.Path, in[0], in[1], l.source, shape[0], shape[1])
		case classes < l.Classes:
			return spec, fmt.Errorf("--weights %s has %d classes, and %s has %d", start.Path, classes, l.source, l.Classes)
		case classes > l.Classes:
			l.Classes, l.classes = classes, start.ClassNames()
		}
		return spec, nil
	}
	spec.Input, spec.Classes = []int{shape[0], shape[1], shape[2]}, l.Classes
	if err := spec.Validate(); err != nil {
		return spec, fmt.Errorf("for the images of %s, %d×%d in %d classes: %w; --model linear or mlp takes any size", l.source, shape[0], shape[1], l.Classes, err)
	}
	return spec, nil
}

// imbalance is a warning about training images whose classes differ from those of
// the test set, or "". limited says that they are only the first of more.
func imbalance(d kmnist.Data, limited bool) string {
	i := kmnist.Compare(d.Train, d.Test)
	if i.IsZero() {
		return ""
	}
	images, which := message.Count(d.Train.Len(), "training image"), i.Missing
	what := fmt.Sprintf("the %s include none of %s of the test set", images, classCount(len(which)))
	if len(which) == 0 {
		which = i.Off
		what = fmt.Sprintf("%s a very different share of the %s than of the test set", haveShare(len(which)), images)
	}
	advice := "training on them favours other classes; add images, or check that all four files belong together"
	if limited {
		advice = "the files are probably sorted by class; leave out --limit, or shuffle images and labels together"
	}
	return fmt.Sprintf("warning: %s (%s): %s", what, someNames(d.Classes, which), advice)
}

func classCount(n int) string {
	if n == 1 {
		return "1 class"
	}
	return fmt.Sprintf("%d classes", n)
}

func haveShare(n int) string {
	if n == 1 {
		return "1 class has"
	}
	return fmt.Sprintf("%d classes have", n)
}

// someNames is the names of the classes with these labels, of the first few at
// least.
func someNames(classes []kmnist.Class, labels []int) string {
	const shown = 6
	var names []string
	for _, c := range labels[:min(shown, len(labels))] {
		names = append(names, classes[c].String())
	}
	if n := len(labels) - shown; n > 0 {
		names = append(names, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(names, ", ")
}

// otherNames is a note if the classes of the data are not those that the network
// was trained on.
func otherNames(w *runs.Weights, d kmnist.Data) []string {
	names := w.ClassNames()
	if slices.Equal(d.Classes, names[:len(d.Classes)]) {
		return nil
	}
	for label, c := range d.Classes {
		if c != names[label] {
			return []string{fmt.Sprintf("warning: the network's classes are not the data's: label %d is %v for the network and %v in %s", label, names[label], c, d.Source)}
		}
	}
	return nil
}

func printNotes(out io.Writer, notes []string) {
	for _, note := range notes {
		if !strings.HasPrefix(note, "warning: ") {
			note = "note     " + note
		}
		fmt.Fprintln(out, note)
	}
}

// fileNames is a list of files for display: their names, and the directory they
// are all in.
func fileNames(files []string) string {
	dir := filepath.Dir(files[0])
	for _, file := range files {
		for rel, err := filepath.Rel(dir, file); err == nil && strings.HasPrefix(rel, "..") && filepath.Dir(dir) != dir; rel, err = filepath.Rel(dir, file) {
			dir = filepath.Dir(dir)
		}
	}
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = file
		if rel, err := filepath.Rel(dir, file); err == nil {
			names[i] = filepath.ToSlash(rel)
		}
		names[i] = message.Quote(names[i])
	}
	return fmt.Sprintf("%s in %s", strings.Join(names, ", "), message.Quote(dir))
}
