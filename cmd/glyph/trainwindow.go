package main

import (
	"fmt"

	"glyph/train"
	"glyph/window"
)

// show has the training shown in a window, if one was asked for. said prints what the
// window has to say, once the training is over.
func (j *job) show() (said func(), err error) {
	if !j.f.Backend.Window {
		return func() {}, nil
	}
	o := window.Options{
		Title: fmt.Sprintf("%s on %s", j.Spec.Model, j.Device.Hardware), Batch: j.Options.Batch, Epochs: j.Options.Epochs, Pictures: ".",
	}
	for _, c := range j.Classes {
		o.Classes = append(o.Classes, c.Name)
	}
	if j.dir != nil {
		o.Pictures = j.dir.Path
	}
	w, err := window.Open(j.Device.Backend, o)
	if err != nil {
		return nil, fmt.Errorf("--window: %w", err)
	}
	watch := j.Watch
	j.Watch = func(t *train.Training) {
		watch(t)
		w.Follow(t)
	}
	return func() {
		for _, note := range w.Notes() {
			fmt.Fprintln(j.out, note)
		}
	}, nil
}
