package progress

import (
	"context"
	"fmt"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/train"
)

// lines shows a training as a bar on a terminal, and a line per epoch.
type lines struct {
	Training
	tty     *terminal.Terminal // for the bar, or nil
	bar     *terminal.Bar
	current int // epoch
	release []func() bool
}

func newLines(t Training) *lines {
	l := &lines{Training: t, tty: terminal.Of(t.Err)}
	say := func(what string) func() { return func() { fmt.Fprintf(t.Err, "\n%s\n", what) } }
	l.release = append(l.release, context.AfterFunc(t.Stopped, say(stopping)), context.AfterFunc(t.Abort, say(skipping)))
	return l
}

// Close stops reporting Ctrl-C.
func (l *lines) Close() {
	for _, release := range l.release {
		release()
	}
}

// Follow reports on the training.
func (l *lines) Follow(t *train.Training) {
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
}

func (l *lines) progress(p train.Progress) {
	if l.tty == nil {
		return
	}
	if l.current != p.Epoch {
		l.current = p.Epoch
		l.bar = l.tty.Bar(p.Of)
	}
	l.bar.Set(int64(p.Samples), fmt.Sprintf("epoch %d/%d  loss %.4f  accuracy %5.2f %%  %s images/s  %s left",
		p.Epoch, p.Epochs, p.Loss, 100*p.Accuracy, message.Thousands(int(p.ImagesPerSecond)), message.Duration(p.Left)))
}

// epoch prints an epoch that is over.
func (l *lines) epoch(e train.Epoch) {
	if l.bar != nil {
		l.bar.Clear()
		l.bar = nil
	}
	fmt.Fprintf(l.Out, "epoch %2d  train loss %.4f  accuracy %5.2f %%", e.Epoch, e.TrainLoss, 100*e.TrainAccuracy)
	if v := e.Validation; v != nil {
		fmt.Fprintf(l.Out, "  val loss %.4f  accuracy %5.2f %%", v.Loss, 100*v.Accuracy)
	}
	fmt.Fprintf(l.Out, "  %s images/s", message.Thousands(int(e.ImagesPerSecond)))
	if e.Images < l.Images {
		fmt.Fprintf(l.Out, "  (after %s of %s images)", message.Thousands(e.Images), message.Thousands(l.Images))
	}
	fmt.Fprintln(l.Out)
}
