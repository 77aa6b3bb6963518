package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

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
			if to := int(os.Stdout.Fd()); out == os.Stdout && term.IsTerminal(to) && os.Getenv("TERM") != "dumb" {
				w.screen = &screen{out: out, keys: "Ctrl-C stops watching; the run goes on", size: func() (int, int) {
					width, height, err := term.GetSize(to)
					if err != nil {
						return 80, 24
					}
					return width, height
				}}
			}
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
				case <-cmd.Context().Done():
					return nil
				case <-time.After(watchPause):
				}
			}
		},
	}
}

// watcher follows one run.
type watcher struct {
	dir    string
	print  func(line string)
	screen *screen // nil for lines
	told   int     // epochs
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
	var epochs []runs.Metric
	var last runs.Metric
	perEpoch := 0
	for _, m := range lines {
		if last = m; m.Epoch > 0 {
			epochs = append(epochs, m)
			perEpoch = m.Step / m.Epoch
		}
	}
	if w.screen == nil {
		for _, m := range epochs[min(w.told, len(epochs)):] {
			w.print(epochLine(m))
		}
		w.told = len(epochs)
		return r, nil
	}
	s := w.screen
	s.title = fmt.Sprintf("%s, %s: %s", w.dir, r.Model, r.State)
	s.epochs = s.epochs[:0]
	for _, m := range epochs {
		s.epochs = append(s.epochs, point{m.Loss, m.Accuracy, m.ValidationLoss, m.ValidationAccuracy})
	}
	s.now = status{epoch: r.Epoch, epochs: r.Epochs, part: 1, loss: last.Loss, accuracy: last.Accuracy, speed: cmp.Or(last.ImagesPerSecond, r.ImagesPerSecond)}
	if last.Epoch == 0 && r.State == runs.Running {
		s.now.epoch++
		s.now.part = 0
		if perEpoch > 0 {
			s.now.part = min(float64(last.Step-r.Epoch*perEpoch)/float64(perEpoch), 1)
			s.now.left = stepsTake(r, r.Epochs*perEpoch-last.Step)
		}
	}
	s.draw(true)
	return r, nil
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
		return fmt.Sprintf("finished: test accuracy %.2f %% after %d epochs", 100**r.TestAccuracy, r.Epoch)
	case r.State == runs.Finished:
		return fmt.Sprintf("finished after %d epochs", r.Epoch)
	case r.State == runs.Failed:
		return fmt.Sprintf("failed after %d of %d epochs: %s", r.Epoch, r.Epochs, r.Failure)
	case !r.Resumable:
		return fmt.Sprintf("%s before the first checkpoint; begin again with: glyph train --config %s", r.State, filepath.Join(r.Dir, runs.ConfigFile))
	}
	return fmt.Sprintf("%s after %d of %d epochs; go on with: glyph train --resume %s", r.State, r.Epoch, r.Epochs, r.Dir)
}
