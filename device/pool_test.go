package device

import (
	"errors"
	"slices"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/gpu"
	"glyph/internal/needs"
	"glyph/kmnist"
	"glyph/models"
	"glyph/train"
)

// counted is a backend that tells when it is closed, and can fail.
type counted struct {
	glyph.Backend
	closed *int
	err    error
}

func (c *counted) Sync() error { return errors.Join(c.err, c.Backend.Sync()) }
func (c *counted) Close() error {
	*c.closed++
	return c.Backend.Close()
}

// Work that follows other work has the same backend without the other's memory;
// work beside other work has its own; one that failed is not used again.
func TestPool(t *testing.T) {
	var opened []*counted
	closed := 0
	p := &pool{open: func() (glyph.Backend, error) {
		opened = append(opened, &counted{Backend: cpu.New[float32](1), closed: &closed})
		return opened[len(opened)-1], nil
	}}
	take := func() glyph.Backend {
		b, err := p.take()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for range 3 {
		b := take()
		x := glyph.NewTensor(b, glyph.Shape{3})
		b.Write(x, []float32{1, 2, 3})
		for range 2 { // a second Close gives nothing back twice
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("memory outlives the work")
				}
			}()
			opened[0].Free(x.Buf)
		}()
	}
	if len(opened) != 1 || closed != 0 {
		t.Fatalf("one after the other: %d opened, %d closed", len(opened), closed)
	}
	one, two := take(), take()
	if len(opened) != 2 {
		t.Fatalf("two at once: %d opened", len(opened))
	}
	opened[0].err = errors.New("the device is gone")
	if err := errors.Join(one.Close(), two.Close()); !errors.Is(err, opened[0].err) || closed != 1 {
		t.Errorf("of two the first failed: %v, %d closed", err, closed)
	}
	if err := take().Close(); err != nil || len(opened) != 2 {
		t.Errorf("after a failure: %v, %d opened", err, len(opened))
	}
	if err := p.Close(); err != nil || closed != 2 {
		t.Errorf("Close: %v, %d closed", err, closed)
	}
}

// A training on a GPU that has done others writes the weights that it writes on
// a fresh one.
func TestPoolOnGPU(t *testing.T) {
	_, err := gpu.Devices()
	needs.GPU(t, err)
	open := func() (glyph.Backend, error) { return gpu.Open(gpu.Options{}) }
	p := &pool{open: open}
	defer p.Close() //nolint:errcheck // the loans have told
	drawn := kmnist.Synthetic(1, 40, 1)
	data := train.Data{Train: train.Set{Images: drawn.Train.Images, Labels: drawn.Train.Labels, Shape: glyph.Shape{28, 28, 1}}, Classes: 10, Mean: []float32{40}, Scale: []float32{0.01}}
	opt := train.Options{Epochs: 1, Batch: 10, LR: 0.1, Seed: 1, Rule: glyph.NewOptimizer(glyph.Adam)}
	specs := []models.Spec{{Model: "mlp", Hidden: []int{20}}, {Model: "cnn", Filters: []int{3}, Units: []int{6}}}
	weights := func(spec models.Spec, open func() (glyph.Backend, error)) []float32 {
		b, err := open()
		if err != nil {
			t.Fatal(err)
		}
		net, err := models.New(b, spec, opt.Batch)
		if err != nil {
			t.Fatal(err)
		}
		net.Init(1)
		if _, err := train.Run(t.Context(), b, net, data, opt, train.Callbacks{}); err != nil {
			t.Fatal(err)
		}
		w := make([]float32, net.W.Size())
		if err := errors.Join(b.Read(w, net.W), b.Close()); err != nil {
			t.Fatal(err)
		}
		return w
	}
	for round := range 2 {
		for _, spec := range specs {
			if !slices.Equal(weights(spec, p.take), weights(spec, open)) {
				t.Errorf("round %d, %s: other weights", round, spec.Model)
			}
		}
	}
}
