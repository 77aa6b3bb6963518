package flags

import (
	"fmt"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/training"
)

// Task is what the flags ask for, checked, without the data.
func (f *Train) Task() (task training.Task, err error) {
	if task.Settings, err = f.Settings(); err != nil {
		return task, err
	}
	if task.Settings.Spec, err = f.Network.Settings(); err != nil {
		return task, err
	}
	task.KeepSpec = f.Weights != "" && !f.Network.Describes()
	if task.Start, err = f.start(&task.Settings.Spec); err != nil {
		return task, err
	}
	if err := f.Data.Check(); err != nil {
		return task, err
	}
	task.ValidationByDefault = !f.Data.fs.Changed("validation")
	task.Hash, task.KeepClasses, task.Every = f.Data.Hash(), f.Data.Classes != "", f.Save
	return task, f.Backend.Check()
}

// start is the network to start from, or nil. Its spec is taken where the flags
// describe no other.
func (f *Train) start(spec *models.Spec) (*runs.Weights, error) {
	if f.Weights == "" {
		return nil, nil
	}
	s, err := runs.OpenWeights(f.Weights)
	if err != nil {
		return nil, fmt.Errorf("--weights: %w", err)
	}
	if !f.Network.Describes() {
		from := s.Spec
		if f.Network.Changed("dropout") {
			from.Dropout = f.Set.Dropout
		}
		from.L2 = f.Set.L2
		if *spec = from.WithDefaults(); spec.Validate() != nil {
			return nil, Named(spec.Validate())
		}
	}
	return s, nil
}
