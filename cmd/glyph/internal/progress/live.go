package progress

import (
	"fmt"
	"os"
	"sync/atomic"

	"golang.org/x/term"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/train"
)

// live follows a training on a terminal and takes its keys.
type live struct {
	draw    func(v terminal.View, now bool)
	view    terminal.View
	of      int         // images of an epoch
	save    atomic.Bool // s was pressed
	stop    atomic.Bool // q was pressed: end after this epoch
	presses atomic.Int32
	cancel  func() // ends the training
	press   func() // is one Ctrl-C
	keys    *terminal.Keys
}

const liveKeys = "s saves a checkpoint   q stops after this epoch   Ctrl-C stops now"

// newLive takes over the terminal, or returns nil if input or output is not one.
func newLive(of Training) *live {
	t := terminal.Of(of.Out)
	if t == nil || !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil
	}
	l := &live{of: of.Images, cancel: of.Stop, press: of.Press, view: terminal.View{Title: of.Title, Keys: liveKeys}}
	screen := t.Screen()
	l.draw = func(v terminal.View, now bool) {
		if now {
			screen.Draw(v)
		} else {
			screen.Update(v)
		}
	}
	var err error
	if l.keys, err = terminal.TakeKeys(os.Stdin, l.key); err != nil {
		return nil
	}
	return l
}

// key acts on a key. After the second Ctrl-C it handles no more, so that the
// terminal turns a third one into a signal.
func (l *live) key(key byte) (more bool) {
	switch key {
	case 's':
		l.save.Store(true)
	case 'q':
		l.stop.Store(true)
	case terminal.CtrlC:
		more := l.presses.Add(1) < 2
		l.press()
		return more
	}
	return true
}

// Close restores the terminal; what was drawn stays.
func (l *live) Close() {
	l.keys.Close() //nolint:errcheck // a terminal that is gone needs no restoring
	l.forgetKeys()
}

// forgetKeys draws the training without its keys if it ended before anyone expected, as
// when patience is over or the loss is no number: there is nothing left to act on.
func (l *live) forgetKeys() {
	if l.view.Keys != "" && l.view.Rounds > 0 {
		l.view.Keys = ""
		l.draw(l.view, true)
	}
}

// Follow draws the training, from its state on if it has one, and acts on keys.
func (l *live) Follow(t *train.Training) {
	if t.From != nil {
		for _, e := range t.From.Epochs {
			l.view.Points = append(l.view.Points, epochPoint(e))
		}
	}
	progress, epoch := t.Callbacks.Progress, t.Callbacks.Epoch
	t.Callbacks.Progress = func(p train.Progress) {
		if progress != nil {
			progress(p)
		}
		l.progress(p)
	}
	t.Callbacks.Epoch = func(e train.Epoch) {
		if epoch != nil {
			epoch(e)
		}
		l.epoch(e)
	}
	if t.Saving.Due != nil {
		t.Saving = l.saving(t.Saving)
	}
}

func (l *live) progress(p train.Progress) {
	v := &l.view
	v.Round, v.Rounds, v.Part = p.Epoch, p.Epochs, float64(p.Samples)/float64(p.Of)
	v.Loss, v.Accuracy, v.Speed, v.Left, v.Note = p.Loss, p.Accuracy, p.ImagesPerSecond, p.Left, l.note()
	l.draw(*v, false)
}

func (l *live) epoch(e train.Epoch) {
	if e.Images == l.of {
		l.view.Points = append(l.view.Points, epochPoint(e))
	}
	l.view.Loss, l.view.Accuracy, l.view.Note = e.TrainLoss, e.TrainAccuracy, l.note()
	if e.Epoch == l.view.Rounds || l.stop.Load() {
		l.view.Keys = "" // which stays on the terminal, and has no training to act on any more
	}
	l.draw(l.view, true)
	if l.stop.Load() {
		l.cancel()
	}
}

// saving also saves when the key was pressed, and says so.
func (l *live) saving(s train.Saving) train.Saving {
	return train.Saving{
		Due: func(ends bool) bool { return s.Due(ends) || l.save.Load() },
		Save: func(state *train.State) error {
			err := s.Save(state)
			if l.save.Swap(false) && err == nil {
				l.view.Note = fmt.Sprintf("saved a checkpoint in epoch %d, after %s", state.Epoch+1, message.Count(state.Sums.Samples, "image"))
			}
			return err
		},
	}
}

// What is said when a training is stopped by Ctrl-C.
const (
	stopping = "stopping: finishing the step, then evaluating and saving; Ctrl-C again skips the evaluation"
	skipping = "stopping without an evaluation"
)

// note is the line about what the keys asked for, or the previous note.
func (l *live) note() string {
	switch {
	case l.presses.Load() > 1:
		return skipping
	case l.presses.Load() > 0:
		return stopping
	case l.stop.Load():
		return "stopping after this epoch"
	}
	return l.view.Note
}

// epochPoint is an epoch as a point of the curves.
func epochPoint(e train.Epoch) terminal.Point {
	p := terminal.Point{Loss: e.TrainLoss, Accuracy: e.TrainAccuracy}
	if v := e.Validation; v != nil {
		p.ValidationLoss, p.ValidationAccuracy = &v.Loss, &v.Accuracy
	}
	return p
}
