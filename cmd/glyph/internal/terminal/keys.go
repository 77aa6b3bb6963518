package terminal

import (
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// CtrlC is the key that a terminal in raw mode delivers instead of a signal.
const CtrlC = 3

// Keys is a terminal in raw mode, whose keys arrive one by one and unechoed.
type Keys struct {
	restore func() error
	once    sync.Once
	err     error
}

// TakeKeys puts the terminal behind in into raw mode. From then on it calls press
// for each key, on a goroutine of its own, until press returns false or the input
// ends; then, and on Close, it restores the terminal.
func TakeKeys(in *os.File, press func(key byte) bool) (*Keys, error) {
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, err
	}
	k := &Keys{restore: func() error { return term.Restore(int(in.Fd()), before) }}
	go func() {
		defer k.Close() //nolint:errcheck // whoever took the keys closes them too, and is told
		readKeys(in, press)
	}()
	return k, nil
}

func readKeys(in io.Reader, press func(key byte) bool) {
	key := make([]byte, 1)
	for {
		if n, err := in.Read(key); err != nil || n > 0 && !press(key[0]) {
			return
		}
	}
}

// Close restores the terminal. It may be called more than once.
func (k *Keys) Close() error {
	k.once.Do(func() { k.err = k.restore() })
	return k.err
}
