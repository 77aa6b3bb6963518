package device

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/gpu"
	"glyph/internal/needs"
)

// Work goes to the device with the least of it, and no more to one that failed.
func TestSeveral(t *testing.T) {
	var closed [2]int
	broken := errors.New("the device is gone")
	s := &several{}
	for i := range closed {
		s.gpus = append(s.gpus, &member{name: fmt.Sprint(i), pool: &pool{open: func() (glyph.Backend, error) {
			c := &counted{Backend: cpu.New[float32](1), closed: &closed[i]}
			if i == 1 {
				c.err = broken
			}
			return c, nil
		}}})
	}
	trials := &Trials{gpus: s}
	take := func() glyph.Backend {
		t.Helper()
		b, err := s.take()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first, second, third := take(), take(), take()
	if s.gpus[0].busy != 2 || s.gpus[1].busy != 1 || trials.Left() != 2 {
		t.Fatalf("%d and %d at once", s.gpus[0].busy, s.gpus[1].busy)
	}
	for range 2 {
		if err := second.Close(); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "GPU 1: ") || trials.Left() != 1 || s.gpus[1].busy != 0 {
			t.Errorf("the second device: %v, %d left, %d on it", err, trials.Left(), s.gpus[1].busy)
		}
	}
	fourth := take()
	if err := errors.Join(first.Close(), third.Close(), fourth.Close()); err != nil || s.gpus[0].busy != 0 {
		t.Error(err, s.gpus[0].busy)
	}
	s.gpus[0].idle, s.gpus[0].open = nil, func() (glyph.Backend, error) { return nil, errors.New("no context") }
	if _, err := s.take(); err == nil || !strings.Contains(err.Error(), "GPU 0: no context") || trials.Left() != 0 {
		t.Errorf("none is left: %v", err)
	}
	if err := s.Close(); err != nil || closed[1] != 1 {
		t.Errorf("Close: %v, %v", err, closed)
	}
}

func TestSeveralTrials(t *testing.T) {
	_, err := gpu.Devices()
	needs.GPU(t, err)
	trials, err := Choice{Kind: GPU, Which: "0, 0"}.Trials(0)
	if err != nil {
		t.Fatal(err)
	}
	defer trials.Close()
	if trials.Parallel != 2 || !strings.HasPrefix(trials.Name, "gpu: 2 × ") || trials.Left() != 2 || strings.Contains(trials.Note, "\n") || trials.Title() != trials.Name {
		t.Errorf("%+v", trials)
	}
	for range 2 {
		b, err := trials.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
	}
	if name := trials.gpus.gpus[1].name; !strings.HasPrefix(name, "0 (") || !strings.Contains(trials.Name, name[3:len(name)-1]) {
		t.Errorf("the second GPU is called %q", name)
	}
	if trials.gpus.gpus[0].busy != 1 || trials.gpus.gpus[1].busy != 1 {
		t.Error("two trainings are on one GPU")
	}
	for _, which := range []string{"0,no such GPU", "0,,0", ","} {
		if _, err := (Choice{Kind: GPU, Which: which}).Trials(1); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", which, err)
		}
	}
	if _, err := (Choice{Kind: GPU, Which: "0,0"}).Open(); err == nil || !strings.Contains(err.Error(), "several GPUs are for") {
		t.Errorf("a command that takes one: %v", err)
	}
}
