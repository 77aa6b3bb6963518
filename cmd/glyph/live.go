package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/term"

	"glyph/train"
)

// live follows a training on a terminal and takes its keys.
type live struct {
	screen  screen
	of      int          // images of an epoch
	save    atomic.Bool  // s was pressed
	stop    atomic.Bool  // q was pressed: end after this epoch
	ending  atomic.Bool  // Ctrl-C was pressed
	cancel  func()       // ends the training
	restore func() error // gives the terminal back
	once    sync.Once
}

const liveKeys = "s saves a checkpoint   q stops after this epoch   Ctrl-C stops now"

// newLive takes the terminal, or returns nil where input or output is none.
func newLive(out io.Writer, title string, images int, cancel func()) *live {
	in, to := int(os.Stdin.Fd()), int(os.Stdout.Fd())
	if out != io.Writer(os.Stdout) || !term.IsTerminal(in) || !term.IsTerminal(to) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	before, err := term.MakeRaw(in)
	if err != nil {
		return nil
	}
	l := &live{of: images, cancel: cancel, restore: func() error { return term.Restore(in, before) }}
	l.screen = screen{out: out, title: title, keys: liveKeys, size: func() (int, int) {
		w, h, err := term.GetSize(to)
		if err != nil {
			return 80, 24
		}
		return w, h
	}}
	go l.read()
	return l
}

// read acts on keys until the program ends.
func (l *live) read() {
	key := make([]byte, 1)
	for {
		if n, err := os.Stdin.Read(key); err != nil || n == 0 {
			return
		}
		switch key[0] {
		case 's':
			l.save.Store(true)
		case 'q':
			l.stop.Store(true)
		case 3: // Ctrl-C, which raw mode hands over as it is
			if l.ending.Swap(true) {
				l.close()
				os.Exit(130)
			}
			l.cancel()
		}
	}
}

// close gives the terminal back; what was drawn stays.
func (l *live) close() {
	l.once.Do(func() { l.restore() }) //nolint:errcheck // as above
}

// callbacks draw the training, from a state on if any, and act on keys.
func (l *live) callbacks(say train.Callbacks, from *train.State) train.Callbacks {
	if from != nil {
		for _, e := range from.Epochs {
			l.screen.epochs = append(l.screen.epochs, epochPoint(e))
		}
	}
	due, save := say.Due, say.Save
	epoch := say.Epoch
	say.Progress = func(p train.Progress) {
		l.screen.now = status{p.Epoch, p.Epochs, float64(p.Samples) / float64(p.Of), p.Loss, p.Accuracy, p.ImagesPerSecond, p.Left, l.note()}
		l.screen.draw(false)
	}
	say.Epoch = func(e train.Epoch) {
		if epoch != nil {
			epoch(e)
		}
		if e.Images == l.of {
			l.screen.epochs = append(l.screen.epochs, epochPoint(e))
		}
		l.screen.now.loss, l.screen.now.accuracy, l.screen.now.note = e.TrainLoss, e.TrainAccuracy, l.note()
		l.screen.draw(true)
		if l.stop.Load() {
			l.cancel()
		}
	}
	if due != nil {
		say.Due = func(ends bool) bool { return due(ends) || l.save.Load() }
		say.Save = func(s *train.State) error {
			err := save(s)
			if l.save.Swap(false) && err == nil {
				l.screen.now.note = fmt.Sprintf("saved a checkpoint in epoch %d, after %d images", s.Epoch+1, s.Sums.Samples)
			}
			return err
		}
	}
	return say
}

// note is the line about what keys have asked for, or the last one.
func (l *live) note() string {
	switch {
	case l.ending.Load():
		return "stopping: finishing the step, then evaluating and saving; Ctrl-C again quits at once"
	case l.stop.Load():
		return "stopping after this epoch"
	}
	return l.screen.now.note
}

// epochPoint is an epoch as a point of the curves.
func epochPoint(e train.Epoch) point {
	p := point{loss: e.TrainLoss, accuracy: e.TrainAccuracy}
	if e.ValidationLoss > 0 {
		p.validationLoss, p.validationAccuracy = &e.ValidationLoss, &e.ValidationAccuracy
	}
	return p
}
