package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/runs"
)

// watchPause is how often a run in progress is looked at.
const watchPause = 500 * time.Millisecond

func newWatch() *cobra.Command {
	return &cobra.Command{
		Use:   "watch RUN",
		Short: "Follow a run in progress until it ends",
		Long: `Follow a run that another process is training, from its metrics: curves on a
terminal, a line an epoch elsewhere. It ends when the run does.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			w := watcher{dir: args[0], print: func(line string) { fmt.Fprintln(out, line) }}
			if t := terminal.Of(out); t != nil {
				w.draw = t.Screen().Draw
			}
			return w.follow(cmd.Context())
		},
	}
}

// watcher follows one run.
type watcher struct {
	dir   string
	print func(line string)
	draw  func(terminal.View) // nil for lines
	told  int                 // epochs
}

// follow looks at the run again and again until it has ended or ctx is done.
func (w *watcher) follow(ctx context.Context) error {
	pause := time.NewTicker(watchPause)
	defer pause.Stop()
	for {
		r, err := w.look()
		if err != nil {
			return err
		}
		if r.State != runs.Running {
			w.print(ending(r))
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-pause.C:
		}
	}
}

// look reads the run and tells what is new.
func (w *watcher) look() (*runs.Run, error) {
	r, err := runs.Open(w.dir)
	if err != nil {
		return nil, err
	}
	lines, err := runs.ReadMetrics(w.dir)
	if err != nil {
		return nil, err
	}
	if w.draw != nil {
		w.draw(view(r, lines))
		return r, nil
	}
	epochs := 0
	for _, m := range lines {
		if m.Epoch == 0 {
			continue
		}
		if epochs++; epochs > w.told {
			w.print(epochLine(m))
			w.told = epochs
		}
	}
	return r, nil
}

// view is a run in progress as a screen shows it.
func view(r *runs.Run, lines []runs.Metric) terminal.View {
	v := terminal.View{
		Title: fmt.Sprintf("%s, %s: %s", message.Quote(r.Dir), message.Quote(r.Model), r.State),
		Keys:  "Ctrl-C stops watching; the run goes on",
		Round: r.Epoch, Rounds: r.Epochs, Part: 1, Speed: r.ImagesPerSecond,
	}
	var last runs.Metric
	perEpoch := 0
	for _, m := range lines {
		if last = m; m.Epoch > 0 {
			v.Points = append(v.Points, terminal.Point{Loss: m.Loss, Accuracy: m.Accuracy, ValidationLoss: m.ValidationLoss, ValidationAccuracy: m.ValidationAccuracy})
			perEpoch = m.Step / m.Epoch
		}
	}
	v.Loss, v.Accuracy, v.Speed = last.Loss, last.Accuracy, cmp.Or(last.ImagesPerSecond, v.Speed)
	if last.Epoch > 0 || r.State != runs.Running {
		return v
	}
	v.Round, v.Part = v.Round+1, 0
	if perEpoch > 0 {
		v.Part = min(float64(last.Step-r.Epoch*perEpoch)/float64(perEpoch), 1)
		v.Left = stepsTake(r, r.Epochs*perEpoch-last.Step)
	}
	return v
}

// stepsTake is the time that so many steps of a run take at its speed, 0 while
// that is unknown. The clock since it started would count pauses.
func stepsTake(r *runs.Run, steps int) time.Duration {
	batch, ok := r.Config["batch"].(int64)
	if !ok || r.ImagesPerSecond <= 0 {
		return 0
	}
	return time.Duration(float64(steps) * float64(batch) / r.ImagesPerSecond * float64(time.Second))
}

// epochLine is an epoch in a line, as glyph train prints it.
func epochLine(m runs.Metric) string {
	line := fmt.Sprintf("epoch %2d  loss %.4f  accuracy %5.2f %%", m.Epoch, m.Loss, 100*m.Accuracy)
	if m.ValidationLoss != nil {
		line += fmt.Sprintf("  validation loss %.4f  accuracy %5.2f %%", *m.ValidationLoss, 100**m.ValidationAccuracy)
	}
	return line + fmt.Sprintf("  %.0f images/s", m.ImagesPerSecond)
}

// ending says how a run ended.
func ending(r *runs.Run) string {
	switch {
	case r.State == runs.Finished && r.TestAccuracy != nil:
		return fmt.Sprintf("finished: test accuracy %.2f %% after %s", 100**r.TestAccuracy, message.Count(r.Epoch, "epoch"))
	case r.State == runs.Finished:
		return "finished after " + message.Count(r.Epoch, "epoch")
	case r.State == runs.Failed:
		return fmt.Sprintf("failed after %d of %s: %s", r.Epoch, message.Count(r.Epochs, "epoch"), message.Quote(r.Failure))
	case !r.Resumable:
		return fmt.Sprintf("%s before the first checkpoint; start again with: %s", r.State, message.Shell("glyph", "train", "--config", filepath.Join(r.Dir, runs.ConfigFile)))
	}
	return fmt.Sprintf("%s after %d of %s; resume with: %s", r.State, r.Epoch, message.Count(r.Epochs, "epoch"), message.Shell("glyph", "train", "--resume", r.Dir))
}
