package progress

import (
	"slices"
	"testing"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/train"
)

// Keys act at the next chance: s on the next step, q at the end of the epoch.
func TestLiveKeys(t *testing.T) {
	saved, cancelled, pressed := 0, 0, 0
	drawn := 0
	last := terminal.View{}
	l := &live{of: 32, view: terminal.View{Rounds: 9, Keys: liveKeys}, cancel: func() { cancelled++ }, press: func() { pressed++ }, draw: func(v terminal.View, _ bool) { drawn++; last = v }}
	heard := 0
	followed := train.Training{
		Callbacks: train.Callbacks{Progress: func(train.Progress) { heard++ }, Epoch: func(train.Epoch) { heard++ }},
		Saving: train.Saving{
			Due:  func(ends bool) bool { return ends },
			Save: func(*train.State) error { saved++; return nil },
		},
	}
	l.Follow(&followed)
	say, saving := followed.Callbacks, followed.Saving
	state := &train.State{Epoch: 4, Sums: train.Sums{Samples: 16}}
	if saving.Due(false) || !saving.Due(true) {
		t.Error("due changed though no key was pressed")
	}
	if saving.Save(state); saved != 1 || l.view.Note != "" {
		t.Errorf("%d saved, %q said of what nobody asked for", saved, l.view.Note)
	}
	l.key('s')
	if !saving.Due(false) {
		t.Error("s does not save on the next step")
	}
	if saving.Save(state); saved != 2 || l.view.Note != "saved a checkpoint in epoch 5, after 16 images" {
		t.Errorf("%d saved, said %q", saved, l.view.Note)
	}
	if saving.Due(false) {
		t.Error("s saves more than once")
	}
	say.Epoch(train.Epoch{Images: 32})
	if cancelled != 0 || last.Keys == "" {
		t.Errorf("ended without q, or tells of no keys: %+v", last)
	}
	l.key('q')
	if say.Progress(train.Progress{Of: 32}); cancelled != 0 || l.view.Note != "stopping after this epoch" {
		t.Errorf("q ended the training inside an epoch, or said %q", l.view.Note)
	}
	if say.Epoch(train.Epoch{Images: 32}); cancelled != 1 || last.Keys != "" || len(l.view.Points) != 2 || drawn != 3 {
		t.Errorf("q did not end the training, or %d points are drawn, %d times", len(l.view.Points), drawn)
	}
	if heard != 3 {
		t.Errorf("the training's own callbacks heard %d of 3", heard)
	}
	// Ctrl-C stops, again without an evaluation; a third is the terminal's own.
	for i, want := range []string{stopping, skipping} {
		if more := l.key(terminal.CtrlC); more != (i == 0) || pressed != i+1 || l.note() != want {
			t.Errorf("Ctrl-C %d: %d presses, said %q, takes more keys: %v", i+1, pressed, l.note(), more)
		}
	}
}

// A training that ends early leaves no keys on the terminal, and is drawn once more for that.
func TestLiveEndsEarly(t *testing.T) {
	drawn := []string{}
	l := &live{of: 32, view: terminal.View{Keys: liveKeys}, draw: func(v terminal.View, _ bool) { drawn = append(drawn, v.Keys) }}
	if l.forgetKeys(); len(drawn) != 0 {
		t.Error("a training that did not begin is drawn")
	}
	var followed train.Training
	l.Follow(&followed)
	followed.Callbacks.Progress(train.Progress{Epoch: 1, Epochs: 9, Of: 32})
	followed.Callbacks.Epoch(train.Epoch{Epoch: 1, Images: 32})
	l.forgetKeys()
	l.forgetKeys()
	if want := []string{liveKeys, liveKeys, ""}; !slices.Equal(drawn, want) {
		t.Errorf("drawn with the keys %q, want %q", drawn, want)
	}
}
