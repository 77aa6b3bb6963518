package train

import (
	"fmt"
	"math"

	"glyph"
)

// NotFinite is the error of a training whose loss became NaN or infinite.
type NotFinite struct {
	Epoch int    // from 1
	Step  int    // of the epoch, from 1
	Where string // what first held a NaN or Inf, such as "the output of dense_2"
	What  string // NaN, +Inf or -Inf
}

// Error says where the loss became non-finite and what usually helps.
func (e *NotFinite) Error() string {
	if e.Epoch == 0 {
		return fmt.Sprintf("%s is not finite in batch %d: the weights are unusable", e.Where, e.Step)
	}
	return fmt.Sprintf("epoch %d, step %d: %s is the first to be %s; try a lower learning rate", e.Epoch, e.Step, e.Where, e.What)
}

// snapshot is a saved state of a training, on the device.
type snapshot struct {
	b        glyph.Backend
	from, to []glyph.Tensor
}

func newSnapshot(b glyph.Backend, of ...glyph.Tensor) snapshot {
	s := snapshot{b: b}
	for _, t := range of {
		if !t.IsZero() {
			s.from = append(s.from, t)
			s.to = append(s.to, glyph.NewTensor(b, t.Shape))
		}
	}
	return s
}

func (s snapshot) take() {
	for i, t := range s.from {
		s.b.Copy(s.to[i], t)
	}
}

func (s snapshot) restore() {
	for i, t := range s.from {
		s.b.Copy(t, s.to[i])
	}
}

// locate goes back to the last snapshot and repeats the steps since then, one by
// one, checking every tensor: training is deterministic, so the same value becomes
// non-finite again.
func (t *trainer) locate(epoch int, bad badStep) error {
	t.before.restore()
	p := t.train
	p.setClock(p.startStep+bad.from, bad.from*p.batch)

	found := &NotFinite{Epoch: epoch + 1, Step: bad.bad + 1, Where: "the loss", What: "NaN or Inf"}
	var failure error
	done := false
	look := func(where string, v glyph.Tensor) {
		if done || failure != nil {
			return
		}
		values := make([]float32, v.Size())
		if failure = t.b.Read(values, v); failure != nil {
			return
		}
		for _, x := range values {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				found.Where, found.What, done = where, fmt.Sprint(x), true
				return
			}
		}
	}
	t.net.Trace = look
	defer func() { t.net.Trace = nil }()
	for s := bad.from; s <= bad.bad && !done && failure == nil; s++ {
		found.Step = s + 1
		n := min(p.batch, p.set.Len()-s*p.batch)
		t.step(n)
		look("the loss", p.loss.Head(n))
		for _, param := range t.net.Params() {
			look("the updated "+param.Name, param.Tensor)
		}
	}
	if failure != nil {
		return failure
	}
	return found
}
