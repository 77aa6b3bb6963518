//go:build cgo

package gpu

import (
	"maps"
	"slices"
	"testing"

	"glyph"
	"glyph/models"
	"glyph/shaders"
)

// hardwareSteps are networks with the sizes of batch for which a GPU's choices
// differ: few and many tiles, whole and split sums, and a last batch that is no
// multiple of four.
func hardwareSteps() (steps []hardwareStep) {
	for _, model := range models.PresetNames() {
		steps = append(steps, hardwareStep{models.Spec{Model: model}, []int{128, 64, 33, 16, 1}})
	}
	return append(steps,
		hardwareStep{models.Spec{Model: "mlp", Hidden: []int{1024, 1023, 2048}}, []int{1024, 256}},
		hardwareStep{models.Spec{Model: "cnn", Filters: []int{512, 6, 512}, Units: []int{512}}, []int{4}})
}

type hardwareStep struct {
	models.Spec
	batches []int // the largest first
}

// Every program that a step of a preset has on a GPU compiles and links,
// whatever this device is. Nothing is dispatched: software OpenGL makes machine
// code at the first dispatch, which is nearly all of what a program costs there.
func TestProgramsForHardwareLink(t *testing.T) {
	t.Parallel() // with the conformance suite: drivers compile on one core
	b := open(t)
	b.dry, b.device.Software = true, false
	for _, s := range hardwareSteps() {
		queueSteps(t, b, s)
	}
	queueOthers(b)
	programs := slices.Collect(maps.Values(b.programs))
	b.call(func() { b.compile(programs) })
	if err := b.firstError(); err != nil {
		t.Fatal(err)
	}
	checkVariants(t, programs)
}

// queueOthers asks for the operations that a training may have and no step of a preset has.
func queueOthers(b *Backend) {
	pool, relu, clock := glyph.Pool{Size: 2, Stride: 2}, glyph.Activation{Kind: glyph.ReLU}, b.AllocInts(glyph.ClockLen)
	for _, c := range []int{16, 6} { // vec4s, and single loads
		x, dx := glyph.NewTensor(b, glyph.Shape{2, 8, 8, c}), glyph.NewTensor(b, glyph.Shape{2, 8, 8, c})
		y, whole := glyph.NewTensor(b, glyph.Shape{2, 4, 4, c}), glyph.NewTensor(b, glyph.Shape{2, 8, 8, c})
		b.AvgPool2D(y, x, pool)
		b.AvgPool2DBackward(dx, y, pool)
		b.Add(whole, x, dx, relu)
		b.AddBackward(dx, whole, x, relu)
		b.MovingAverage(whole.Flat(), x.Flat(), 0.99, clock)
	}
}

// queueSteps asks for a network's training step, and for its evaluation, in
// batches of several sizes.
func queueSteps(t *testing.T, b *Backend, s hardwareStep) {
	t.Helper()
	largest := s.batches[0]
	net, err := models.New(b, s.Spec, largest)
	if err != nil {
		t.Fatal(err)
	}
	adam := glyph.NewOptimizer(glyph.Adam)
	net.AllocMoments(adam)
	scalar := glyph.NewTensor(b, glyph.Shape{1})
	set := glyph.Dataset{Images: b.Upload(make([]byte, largest*784)), Labels: b.Upload(make([]byte, largest)),
		Shape: glyph.Shape{largest, 28, 28, 1}, Mean: scalar, Scale: scalar}
	order, clock, counts := b.AllocInts(largest), b.AllocInts(glyph.ClockLen), b.AllocInts(100)
	targets, log := glyph.NewTensor(b, glyph.Shape{largest, 10}), glyph.NewTensor(b, glyph.Shape{32, glyph.LogLen})
	losses, allHits := glyph.NewTensor(b, glyph.Shape{largest}), glyph.NewTensor(b, glyph.Shape{largest})
	net.SetClock(clock, 1)
	for _, n := range s.batches {
		x, y, loss, hits := net.Input(n), targets.Head(n), losses.Head(n), allHits.Head(n)
		b.Gather(x, y, set, order, clock, 0)
		b.GatherAugmented(x, y, set, order, clock, 0, glyph.Augmentation{Shift: 2, Elastic: 1}, 1)
		b.SoftmaxCrossEntropy(loss, hits, net.DLogits(n), net.Forward(n, true), y)
		net.Backward(n)
		b.L2(scalar, net.W.Head(net.Decaying), 1e-4)
		b.Advance(clock, log, loss, hits, scalar)
		logits := net.Forward(n, false)
		b.SoftmaxCrossEntropy(loss, hits, glyph.Tensor{}, logits, y)
		b.Confusion(counts, logits, y)
	}
	for k := range glyph.OptimizerNames() {
		b.Optimize(net.W.Head(net.Trained), net.M, net.V, net.G, scalar, clock, net.Decaying, glyph.NewOptimizer(glyph.OptimizerKind(k)))
	}
}

// checkVariants holds the programs to be those that were meant: of every kernel
// that a step has, and with geometry in the text, with both kinds of load
// and of sum.
func checkVariants(t *testing.T, programs []*program) {
	t.Helper()
	seen := map[*kernel]map[shaders.Define]bool{}
	for _, p := range programs {
		if p.c.name == 0 {
			t.Errorf("%s was not linked", p.name())
		}
		if seen[p.kernel] == nil {
			seen[p.kernel] = map[shaders.Define]bool{}
		}
		for _, d := range p.defines {
			seen[p.kernel][d] = true
		}
	}
	t.Logf("%d programs of %d kernels", len(programs), len(seen))
	for _, k := range kernels {
		if seen[k] == nil && k != copyKernel && k != peakKernel {
			t.Errorf("no step has %s", k.file)
		}
	}
	for _, k := range []*kernel{conv2d, conv2dBackwardData, conv2dBackwardWeights} {
		if seen[k][shaders.Define{Name: "FIXED"}] {
			t.Errorf("%s is told its geometry", k.file)
		}
	}
	for k, defines := range map[*kernel][]string{
		conv2d: {"VEC_C", "VEC_K"}, conv2dBackwardData: {"VEC_C", "VEC_K"}, conv2dBackwardWeights: {"VEC_C", "VEC_K", "SPLIT"},
		dense: {"VEC_IN", "VEC_OUT"}, denseBackward: {"VEC_IN", "VEC_OUT", "DATA", "SPLIT"},
	} {
		for _, name := range defines {
			if !seen[k][shaders.Define{Name: name}] || !seen[k][shaders.Define{Name: name, Value: 1}] {
				t.Errorf("%s has %s in one way only", k.file, name)
			}
		}
	}
}
