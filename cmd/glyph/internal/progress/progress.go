// Package progress shows the progress of a training or a study: as curves that fill
// the terminal, as a bar, or as lines if the output is not a terminal.
package progress

import (
	"context"
	"io"

	"glyph/train"
)

// Training is a training whose progress is shown.
type Training struct {
	Title    string
	Images   int       // of an epoch
	Out, Err io.Writer // lines go to Out; a bar, and notes about Ctrl-C, to Err

	Stop           func()          // ends it, as soon as an epoch is over: the key q
	Press          func()          // is one Ctrl-C, from a terminal whose keys are taken
	Stopped, Abort context.Context // done after the first Ctrl-C, and after the second
}

// View shows a training. Follow, called before it begins, adds what the view needs
// to the training's callbacks; Close restores the terminal, and may be called twice.
type View interface {
	Follow(*train.Training)
	Close()
}

// Show is curves and keys, or lines if the output or the input is not a terminal.
func (t Training) Show() View {
	if l := newLive(t); l != nil {
		return l
	}
	return newLines(t)
}
