package progress

import (
	"context"
	"fmt"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/runs"
	"io"
	"path/filepath"
	"time"
)

// watchPause is how often a run in progress is read.
const watchPause = 500 * time.Millisecond

// Follow shows a run that another process trains, until it ends or ctx is done: as
// curves on a terminal, elsewhere as lines.
func Follow(ctx context.Context, out io.Writer, run string) error {
	w := watcher{run: runs.Follow(run), print: func(line string) { fmt.Fprintln(out, line) }}
	if t := terminal.Of(out); t != nil {
		w.draw = t.Screen().Draw
	}
	return w.follow(ctx)
}

// watcher shows one run.
type watcher struct {
	run   *runs.Follower
	print func(line string)
	draw  func(terminal.View) // nil for lines
}

// follow reads the run repeatedly until it has ended or ctx is done.
func (w *watcher) follow(ctx context.Context) error {
	pause := time.NewTicker(watchPause)
	defer pause.Stop()
	for {
		p, err := w.look()
		if err != nil {
			return err
		}
		if p.State != runs.Running {
			w.print(ending(p.Run))
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-pause.C:
		}
	}
}

// look reads the run and reports what is new.
func (w *watcher) look() (*runs.Progress, error) {
	p, err := w.run.Look()
	if err != nil {
		return nil, err
	}
	if w.draw != nil {
		w.draw(view(p))
		return p, nil
	}
	for _, m := range p.Fresh {
		w.print(epochLine(m))
	}
	return p, nil
}

// view is a run in progress as a screen shows it.
func view(p *runs.Progress) terminal.View {
	v := terminal.View{
		Title: fmt.Sprintf("%s, %s: %s", message.Quote(p.Dir), message.Quote(p.Model), p.State),
		Keys:  "Ctrl-C stops watching; the run continues",
		Round: p.At, Rounds: p.Epochs, Part: p.Part, Loss: p.Loss, Accuracy: p.Accuracy, Speed: p.ImagesPerSecond, Left: p.Left,
	}
	for _, m := range p.Lines {
		v.Points = append(v.Points, terminal.Point{Loss: m.Loss, Accuracy: m.Accuracy, ValidationLoss: m.ValidationLoss, ValidationAccuracy: m.ValidationAccuracy})
	}
	return v
}

// epochLine is an epoch in a line, as glyph train prints it.
func epochLine(m runs.Metric) string {
	line := fmt.Sprintf("epoch %2d  train loss %.4f  accuracy %5.2f %%", m.Epoch, m.Loss, 100*m.Accuracy)
	if m.ValidationLoss != nil {
		line += fmt.Sprintf("  val loss %.4f", *m.ValidationLoss)
	}
	if m.ValidationAccuracy != nil { // a line may lack either
		line += fmt.Sprintf("  accuracy %5.2f %%", 100**m.ValidationAccuracy)
	}
	return line + fmt.Sprintf("  %s images/s", message.Thousands(int(m.ImagesPerSecond)))
}

// ending says how a run ended.
func ending(r *runs.Run) string {
	switch {
	case r.State == runs.Finished && r.TestAccuracy != nil:
		return fmt.Sprintf("finished: test accuracy %.2f %% after %s", 100**r.TestAccuracy, message.Count(r.Epoch, "epoch"))
	case r.State == runs.Finished:
		return "finished after " + message.Count(r.Epoch, "epoch")
	case r.State == runs.Imported:
		return "imported: there is no training to follow"
	case r.State == runs.Failed:
		return fmt.Sprintf("failed after %d of %s: %s", r.Epoch, message.Count(r.Epochs, "epoch"), message.Quote(r.Failure))
	case !r.Resumable:
		return fmt.Sprintf("%s before the first checkpoint; start again with: %s", r.State, message.Shell("glyph", "train", "--config", filepath.Join(r.Dir, runs.ConfigFile)))
	}
	return fmt.Sprintf("%s after %d of %s; resume with: %s", r.State, r.Epoch, message.Count(r.Epochs, "epoch"), message.Shell("glyph", "train", "--resume", r.Dir))
}
