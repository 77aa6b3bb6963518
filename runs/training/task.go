package training

import (
	"fmt"
	"strings"
	"time"

	"glyph"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
	"glyph/settings"
)

// Task is what is to be trained, and on what.
type Task struct {
	Settings settings.Training
	Data     kmnist.Data // all of it: Settings say which part is trained on
	Hash     string      // that the data must have; "" takes any

	// ValidationByDefault says that nobody chose Settings.Validation: no images are held
	// out then where they would be fewer than the classes, and Settings says 0.
	ValidationByDefault bool

	// Start is weights to begin with in place of initial ones; the pixels are then
	// normalised as they were for them. With KeepSpec the network of the settings is
	// the one they belong to, with its input and its classes as they are.
	Start    *runs.Weights
	KeepSpec bool

	KeepClasses bool          // the names of the classes are kept beside the config
	Every       time.Duration // between checkpoints inside an epoch; 0 for none

	// Config writes the config of a new run, with these values of the keys data,
	// data-hash and backend, and of classes and weights where they are kept in the
	// run. nil writes the settings, as keys that glyph train takes too.
	Config func(kept map[string]string) ([]byte, error)
}

// OtherDataError is the error of data with another content than Task.Hash says.
type OtherDataError struct{ Name, Hash, Want string }

// Error names the data and the two hashes.
func (e *OtherDataError) Error() string {
	n := 12
	if len(e.Hash) >= n && strings.HasPrefix(e.Want, e.Hash[:n]) { // a slip further on
		n = max(len(e.Hash), len(e.Want))
	}
	return fmt.Sprintf("%s is not the data that the config was written for (SHA-256 %.*s, not %.*s)", e.Name, n, e.Hash, n, e.Want)
}

// ImagesError is the error of a network that can't take the images of the data.
type ImagesError struct {
	Source  string
	Shape   glyph.Shape
	Classes int
	Err     error // why
}

// Error says which images they are, and why.
func (e *ImagesError) Error() string {
	return fmt.Sprintf("for the images of %s, %v in %d classes: %v", e.Source, sizeOf(e.Shape), e.Classes, e.Err)
}

// Unwrap is why the network can't take them.
func (e *ImagesError) Unwrap() error { return e.Err }

// New prepares the data of a task and fits the network to it. The error is a
// [models.SettingError] of a setting, weights included; an *OtherDataError; or an
// *ImagesError.
func New(task Task) (*Training, error) {
	if task.ValidationByDefault && task.Settings.Patience == 0 && !task.Settings.Represents(task.Data.Train.Len(), len(task.Data.Classes)) {
		task.Settings.Validation = 0
	}
	t := &Training{Task: task, Classes: task.Data.Classes, hash: task.Data.Hash()}
	if task.Hash != "" && task.Hash != t.hash {
		return nil, &OtherDataError{task.Data.Name, t.hash, task.Hash}
	}
	part, _, err := task.Settings.Split(task.Data.Train)
	if err != nil {
		return nil, err
	}
	t.Imbalance = kmnist.Compare(part, task.Data.Test)
	if t.Images, err = task.Settings.Data(task.Data); err != nil {
		return nil, err
	}
	if t.Options, err = task.Settings.Options(); err != nil {
		return nil, err
	}
	t.Options.KeepBest = task.Settings.Validation > 0
	if _, _, err := t.Options.Steps(t.Images.Train.Len()); err != nil {
		return nil, err
	}
	if t.Spec, err = t.fit(); err != nil {
		return nil, err
	}
	if t.Start != nil {
		t.Images.Mean, t.Images.Scale = t.Start.Mean, t.Start.Scale
	}
	return t, nil
}

// fit is the network for the images and classes of the data. One that is kept as
// it is must take these images, and may have more classes.
func (t *Training) fit() (models.Spec, error) {
	spec, shape, source := t.Settings.Spec, t.Images.Train.Shape, t.Data.Source
	if !t.KeepSpec || t.Start == nil {
		spec = spec.WithDefaults()
		spec.Input, spec.Classes = []int{shape[0], shape[1], shape[2]}, t.Images.Classes
		if err := spec.Validate(); err != nil {
			return spec, &ImagesError{source, shape, t.Images.Classes, err}
		}
		return spec, nil
	}
	wrong := func(format string, args ...any) error {
		return &models.SettingError{Setting: "weights", Problem: t.Start.Path + " " + fmt.Sprintf(format, args...)}
	}
	in, classes := spec.InputShape(), spec.WithDefaults().Classes
	switch {
	case in != shape:
		return spec, wrong("takes images of %v, and those of %s are %v", sizeOf(in), source, sizeOf(shape))
	case classes < t.Images.Classes:
		return spec, wrong("has %d classes, and %s has %d", classes, source, t.Images.Classes)
	case classes > t.Images.Classes:
		t.Images.Classes, t.Classes = classes, t.Start.ClassNames()
	}
	return spec, nil
}

// sizeOf is the size of the images of a shape.
func sizeOf(shape glyph.Shape) kmnist.Size {
	return kmnist.Size{H: shape[0], W: shape[1], C: shape[2]}
}
