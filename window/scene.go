//go:build cgo

package window

import (
	"slices"

	"glyph"
	"glyph/gpu"
	"glyph/models"
	"glyph/train"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// scene is what is looked at: the training's buffers, and the probe's.
type scene struct {
	train.Inside
	probe   *models.Probe
	run     *gpu.Recording // the chosen image through the probe
	order   glyph.Ints     // which image that is
	target  glyph.Tensor
	shown   []int // stages whose output is their own
	weights []int // the parameter of each stage that is drawn, or -1
	batch   int
	total   int // steps of the training
	width   int // steps of a bin
	image   int
	stage   int  // index of shown
	slopes  bool // gradients of weights in their place

	// Buffers of the thread.
	parts, ranges             uint32 // of the image and of each shown output, each with its gradient
	weightParts, weightRanges uint32 // of the first layer's weights, and the chosen stage's
	counts                    uint32
	bins, next, points        uint32
}

// newScene makes the probe and records its run, on the training's side.
func newScene(b *gpu.Backend, in train.Inside, batch, epochs int) (*scene, error) {
	s := &scene{Inside: in, batch: batch, total: max(in.Steps*epochs, 1)}
	s.width = (s.total + historyBins - 1) / historyBins
	var err error
	if s.probe, err = in.Net.Probe(); err != nil {
		return nil, err
	}
	classes := in.Net.Classes()
	s.order, s.target = b.AllocInts(1), glyph.NewTensor(b, glyph.Shape{1, classes})
	clock, loss := b.AllocInts(glyph.ClockLen), glyph.NewTensor(b, glyph.Shape{1})
	s.run = b.Record(func() {
		b.Gather(s.probe.Input(), s.target, in.Set, s.order, clock, 0)
		logits := s.probe.Forward()
		b.SoftmaxCrossEntropy(loss, glyph.Tensor{}, s.probe.Gradient(len(in.Net.Stages())-1), logits, s.target)
		s.probe.Backward()
	})
	param := 0
	for i, stage := range in.Net.Stages() {
		own := -1
		if len(stage.Params) > 0 {
			own = param
		}
		s.weights = append(s.weights, own)
		param += len(stage.Params)
		if !s.probe.Views(i) {
			s.shown = append(s.shown, i)
		}
	}
	return s, nil
}

// allocate makes the thread's buffers.
func (s *scene) allocate(m *gpu.Moment) {
	tensors := []glyph.Tensor{s.probe.Input(), s.probe.InputGradient()}
	for _, i := range s.shown {
		tensors = append(tensors, s.probe.Output(i), s.probe.Gradient(i))
	}
	var parts []int32
	for _, t := range tensors {
		if t.IsZero() {
			parts = append(parts, 0, 0)
			continue
		}
		_, base := where(m, t)
		parts = append(parts, int32(base), int32(t.Size()))
	}
	s.parts, s.ranges = newBuffer(4*len(parts)), newBuffer(4*len(parts))
	put(s.parts, parts)
	s.weightParts, s.weightRanges = newBuffer(32), newBuffer(32)
	s.counts = newBuffer(4 * (bins + 1))
	s.bins, s.points, s.next = newBuffer(16*historyBins), newBuffer(4*8*points), newBuffer(16)
	put(s.next, []int32{int32(s.From)})
}

// free gives them back. What is in the training's memory stays until its backend closes.
func (s *scene) free() {
	for _, b := range []*uint32{&s.parts, &s.ranges, &s.weightParts, &s.weightRanges, &s.counts, &s.bins, &s.points, &s.next} {
		gl.DeleteBuffers(1, b)
	}
}

// ofStep reports whether these kernels are those of a training step, and not of an
// evaluation's, which counts a confusion matrix.
func ofStep(times []glyph.KernelTime) bool {
	return len(times) > 0 && !slices.ContainsFunc(times, func(k glyph.KernelTime) bool { return k.File == "confusion.comp" })
}

// where is the buffer object of a tensor, and its first element there.
func where(m *gpu.Moment, t glyph.Tensor) (buffer uint32, base int) {
	buffer, offset, _ := m.Where(t)
	return buffer, offset / 4
}

// range indices of a shown stage.
func outputRange(shown int) int   { return 2 + 2*shown }
func gradientRange(shown int) int { return 3 + 2*shown }

// parameter is the tensor that is drawn for a stage, and its name: weights, or their
// gradient in the last step.
func (s *scene) parameter(stage int) (glyph.Tensor, string) {
	at := s.weights[stage]
	if at < 0 {
		return glyph.Tensor{}, ""
	}
	p := s.Net.Params()[at]
	if s.slopes {
		for _, g := range s.Net.Gradients() {
			if g.Name == p.Name {
				return g.Tensor, g.Name
			}
		}
	}
	return p.Tensor, p.Name
}

// first is the first stage with weights.
func (s *scene) first() int {
	for i, p := range s.weights {
		if p >= 0 {
			return i
		}
	}
	return 0
}
