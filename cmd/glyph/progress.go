package main

import (
	"fmt"
	"io"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/train"
)

// meter shows how a training goes: a bar on a terminal, a line an epoch
// elsewhere.
type meter struct {
	out   io.Writer          // lines
	tty   *terminal.Terminal // for the bar, or nil
	bar   *terminal.Bar
	epoch int
	of    int // images of an epoch
}

func newMeter(out, errOut io.Writer, images int) *meter {
	return &meter{out: out, tty: terminal.Of(errOut), of: images}
}

func (m *meter) callbacks() train.Callbacks {
	return train.Callbacks{Progress: m.progress, Epoch: m.line}
}

func (m *meter) progress(p train.Progress) {
	if m.tty == nil {
		return
	}
	if m.epoch != p.Epoch {
		m.epoch = p.Epoch
		m.bar = m.tty.Bar(p.Of)
	}
	m.bar.Set(int64(p.Samples), fmt.Sprintf("epoch %d/%d  loss %.4f  accuracy %5.2f %%  %s images/s  %s left",
		p.Epoch, p.Epochs, p.Loss, 100*p.Accuracy, message.Thousands(int(p.ImagesPerSecond)), message.Duration(p.Left)))
}

// line prints an epoch that is over.
func (m *meter) line(e train.Epoch) {
	if m.bar != nil {
		m.bar.Clear()
		m.bar = nil
	}
	fmt.Fprintf(m.out, "epoch %2d  loss %.4f  accuracy %5.2f %%", e.Epoch, e.TrainLoss, 100*e.TrainAccuracy)
	if v := e.Validation; v != nil {
		fmt.Fprintf(m.out, "  validation loss %.4f  accuracy %5.2f %%", v.Loss, 100*v.Accuracy)
	}
	fmt.Fprintf(m.out, "  %s images/s", message.Thousands(int(e.ImagesPerSecond)))
	if e.Images < m.of {
		fmt.Fprintf(m.out, "  (after %s of %s images)", message.Thousands(e.Images), message.Thousands(m.of))
	}
	fmt.Fprintln(m.out)
}
