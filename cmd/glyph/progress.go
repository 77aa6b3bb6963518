package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"glyph/internal/message"
	"glyph/train"
)

// meter shows how a training goes: a bar on a terminal, a line an epoch
// elsewhere.
type meter struct {
	out   io.Writer // lines
	bar   *progressbar.ProgressBar
	tty   bool
	epoch int
	of    int // images of an epoch
}

func newMeter(out io.Writer, images int) *meter {
	return &meter{out: out, tty: term.IsTerminal(int(os.Stderr.Fd())), of: images}
}

func (m *meter) callbacks() train.Callbacks {
	return train.Callbacks{Progress: m.progress, Epoch: m.line}
}

func (m *meter) progress(p train.Progress) {
	if !m.tty {
		return
	}
	if m.epoch != p.Epoch {
		m.epoch = p.Epoch
		m.bar = newBar(p.Of)
	}
	m.bar.Describe(fmt.Sprintf("epoch %d/%d  loss %.4f  accuracy %5.2f %%  %s images/s  %s left",
		p.Epoch, p.Epochs, p.Loss, 100*p.Accuracy, message.Thousands(int(p.ImagesPerSecond)), round(p.Left)))
	m.bar.Set(p.Samples) //nolint:errcheck // a bar that can't be drawn stops nothing
}

// line prints an epoch that is over.
func (m *meter) line(e train.Epoch) {
	if m.bar != nil {
		m.bar.Clear() //nolint:errcheck // as above
		m.bar = nil
	}
	fmt.Fprintf(m.out, "epoch %2d  loss %.4f  accuracy %5.2f %%", e.Epoch, e.TrainLoss, 100*e.TrainAccuracy)
	if e.ValidationLoss > 0 {
		fmt.Fprintf(m.out, "  validation loss %.4f  accuracy %5.2f %%", e.ValidationLoss, 100*e.ValidationAccuracy)
	}
	fmt.Fprintf(m.out, "  %s images/s", message.Thousands(int(e.ImagesPerSecond)))
	if e.Images < m.of {
		fmt.Fprintf(m.out, "  (after %s of %s images)", message.Thousands(e.Images), message.Thousands(m.of))
	}
	fmt.Fprintln(m.out)
}

// newBar is a bar of n images on standard error.
func newBar(n int) *progressbar.ProgressBar {
	return progressbar.NewOptions(n,
		progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionSetWidth(20),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionThrottle(50*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)
}

// round drops what nobody reads from a duration.
func round(d time.Duration) time.Duration {
	if d > 10*time.Second {
		return d.Round(time.Second)
	}
	return d.Round(100 * time.Millisecond)
}
