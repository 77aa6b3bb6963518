// Package progress shows how a training or a study goes: as curves that take the
// terminal, as a bar, or as lines where the output is none.
package progress

import (
	"context"
	"io"

	"glyph/train"
)

// Training is a training that is shown.
type Training struct {
	Title    string
	Images   int       // of an epoch
	Out, Err io.Writer // lines go to Out; a bar, and what is said of Ctrl-C, to Err

	Stop           func()          // ends it, as soon as an epoch is over: the key q
	Press          func()          // is one Ctrl-C, from a terminal whose keys are taken
	Stopped, Abort context.Context // done after the first Ctrl-C, and after the second
}

// View shows a training. Follow, called before it begins, adds what the view needs
// to the training's callbacks; Close gives the terminal back, and may be called twice.
type View interface {
	Follow(*train.Training)
	Close()
}

// Show is curves and keys, or lines where the output or the input is no terminal.
func (t Training) Show() View {
	if l := newLive(t); l != nil {
		return l
	}
	return newLines(t)
}
