package train

import (
	"context"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

// watch notes how batches are gathered.
type watch struct {
	glyph.Backend
	plain, moved int
	seeds        []uint64
	how          []glyph.Augmentation
}

func (w *watch) Gather(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32) {
	w.plain++
	w.Backend.Gather(x, t, set, order, clock, smoothing)
}

func (w *watch) GatherAugmented(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, a glyph.Augmentation, seed uint64) {
	w.moved++
	w.seeds, w.how = append(w.seeds, seed), append(w.how, a)
	w.Backend.GatherAugmented(x, t, set, order, clock, smoothing, a, seed)
}

// Training images are moved, those of an evaluation never.
func TestAugmentsTrainingAlone(t *testing.T) {
	data, opt := toyData(40, 20, 30), toyOptions()
	opt.Augment = glyph.Augmentation{Shift: 1.5, Rotation: 5}
	w := &watch{Backend: cpu.New[float32](1)}
	trained(t, w, data, opt)
	// 40 images are 3 batches, 20 validation images and 30 test images 2 each.
	if w.moved != 4*3 || w.plain != 4*2+2 {
		t.Errorf("%d batches with and %d without augmentation, want 12 and 10", w.moved, w.plain)
	}
	for i, a := range w.how {
		if a != opt.Augment || w.seeds[i] != opt.Seed {
			t.Fatalf("batch %d is augmented by %v with seed %d", i, a, w.seeds[i])
		}
	}
	w = &watch{Backend: cpu.New[float32](1)}
	trained(t, w, data, toyOptions())
	if w.moved != 0 || w.plain != 4*3+4*2+2 {
		t.Errorf("%d batches with and %d without augmentation, want 0 and 22", w.moved, w.plain)
	}
}

// An augmented training is repeated bit for bit, by however many workers, and is
// not the training without.
func TestAugmentedTrainingRepeats(t *testing.T) {
	data, opt := toyData(40, 0, 10), toyOptions()
	_, without := trained(t, cpu.New[float32](1), data, opt)
	opt.Augment = glyph.Augmentation{Shift: 1, Rotation: 8, Scale: 0.1, Shear: 8, Elastic: 1, Stroke: 0.5}
	_, one := trained(t, cpu.New[float32](1), data, opt)
	_, two := trainedSlowly(t, 2, data, opt)
	if !slices.Equal(one, two) {
		t.Error("the same training gives other weights")
	}
	if slices.Equal(one, without) {
		t.Error("augmentation changes nothing")
	}
}

func TestAugmentsNoHugeImages(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	wide := models.Spec{Model: "linear", Input: []int{1, 1025, 1}, Classes: 2}
	data := Data{Classes: 2, Mean: []float32{0}, Scale: []float32{1}}
	data.Train = Set{Images: make([]uint8, 4*1025), Labels: make([]uint8, 4), Shape: glyph.Shape{1, 1025, 1}}
	for _, shear := range []float32{0, 1} {
		opt := toyOptions()
		opt.Batch, opt.Augment.Shear = 2, shear
		_, err := Run(context.Background(), b, newNet(t, b, wide, 2), data, opt, Callbacks{})
		_, stepping := NewStepper(b, newNet(t, b, wide, 2), data, opt)
		for _, err := range []error{err, stepping} {
			if shear == 0 && err != nil || shear > 0 && (err == nil || !strings.Contains(err.Error(), "1×1025")) {
				t.Errorf("shear %v: error %v", shear, err)
			}
		}
	}
}
