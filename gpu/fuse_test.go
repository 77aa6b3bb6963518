//go:build cgo

package gpu

import (
	"fmt"
	"math"
	"testing"

	"glyph"
	"glyph/models"
)

// openFused is open for records that are compiled however seldom they are repeated.
func openFused(t *testing.T) *Backend {
	t.Helper()
	b := open(t)
	b.fuses, b.fuseFrom = true, 2
	return b
}

// sameBits fails unless both are the same numbers.
func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Errorf("%s: element %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

// training is the step of package train for a network.
type training struct {
	b                 *Backend
	net               *models.Network
	batch             int
	set               glyph.Dataset
	order, clock      glyph.Ints
	t, loss, hits, lr glyph.Tensor
	log, penalty      glyph.Tensor
	average           glyph.Tensor
	rule              glyph.Optimizer
	augment           bool
}

const trainingImages = 24

func newTraining(t *testing.T, b *Backend, in glyph.Shape, g models.Graph, batch int, rule glyph.Optimizer) *training {
	t.Helper()
	net, err := models.Build(b, in, g, batch)
	if err != nil {
		t.Fatal(err)
	}
	r := glyph.NewRand(5, glyph.StreamTest, 2)
	tensor := func(s ...int) (t glyph.Tensor) { copy(t.Shape[:], s); return glyph.NewTensor(b, t.Shape) }
	random := func(n, below int) glyph.Bytes {
		v := make([]byte, n)
		for i := range v {
			v[i] = byte(r.IntN(below))
		}
		return b.Upload(v)
	}
	s := &training{b: b, net: net, batch: batch, rule: rule, order: b.AllocInts(trainingImages), clock: b.AllocInts(glyph.ClockLen),
		set: glyph.Dataset{Images: random(trainingImages*in.Size(), 256), Labels: random(trainingImages, net.Classes()),
			Shape: in.Batched(trainingImages), Mean: tensor(1), Scale: tensor(1)},
		t: tensor(batch, net.Classes()), loss: tensor(batch), hits: tensor(batch), lr: tensor(3), log: tensor(5, glyph.LogLen)}
	b.Write(s.set.Mean, []float32{110})
	b.Write(s.set.Scale, []float32{0.01})
	b.Write(s.lr, []float32{0.02, 0.05, 0.01})
	order := make([]int32, trainingImages)
	for i := range order {
		order[i] = int32(i)
	}
	r.Shuffle(order)
	b.WriteInts(s.order, order)
	net.Init(3)
	net.AllocMoments(rule)
	net.SetClock(s.clock, 9)
	return s
}

// meansForPixels gives each pixel a mean and a scale of its own.
func (s *training) meansForPixels(in glyph.Shape) {
	mean, scale := make([]float32, in.Size()), make([]float32, in.Size())
	for i := range mean {
		mean[i], scale[i] = float32(90+i%50), 1/float32(70+i%30)
	}
	s.set.Mean, s.set.Scale = glyph.NewTensor(s.b, glyph.Shape{in.Size()}), glyph.NewTensor(s.b, glyph.Shape{in.Size()})
	s.b.Write(s.set.Mean, mean)
	s.b.Write(s.set.Scale, scale)
}

func (s *training) step() {
	b, n := s.b, s.batch
	if s.augment {
		b.GatherAugmented(s.net.Input(n), s.t, s.set, s.order, s.clock, 0.1, glyph.Augmentation{Shift: 1}, 3)
	} else {
		b.Gather(s.net.Input(n), s.t, s.set, s.order, s.clock, 0.1)
	}
	b.SoftmaxCrossEntropy(s.loss, s.hits, s.net.DLogits(n), s.net.Forward(n, true), s.t)
	s.net.Backward(n)
	if !s.penalty.IsZero() {
		b.L2(s.penalty, s.net.W.Head(s.net.Decaying), s.rule.L2)
	}
	b.Optimize(s.net.W.Head(s.net.Trained), s.net.M, s.net.V, s.net.G, s.lr, s.clock, s.net.Decaying, s.rule)
	if !s.average.IsZero() {
		b.MovingAverage(s.average, s.net.W, 0.9, s.clock)
	}
	b.Advance(s.clock, s.log, s.loss, s.hits, s.penalty)
}

// state is everything that a training leaves, by name.
func (s *training) state(t *testing.T) map[string][]float32 {
	t.Helper()
	state := map[string][]float32{}
	for name, x := range map[string]glyph.Tensor{"weights": s.net.W, "m": s.net.M, "v": s.net.V, "gradients": s.net.G,
		"log": s.log, "loss": s.loss, "average": s.average, "dlogits": s.net.DLogits(s.batch), "input": s.net.Input(s.batch)} {
		if x.IsZero() {
			continue
		}
		state[name] = make([]float32, x.Size())
		if err := s.b.Read(state[name], x); err != nil {
			t.Fatal(err)
		}
	}
	return state
}

// fuseCase is a network and how it is trained.
type fuseCase struct {
	name          string
	in            glyph.Shape
	graph         models.Graph
	batch         int
	rule          glyph.Optimizer
	penalty, move bool
	augment       bool
	perPixel      bool // the data set has a mean for each
	split         int  // of every sum that can be split
	tile          *tile
	compiled      []*tile // of the compiled step, if it is another or several
}

// A compiled step gives the same bits as its operations one by one, in all that a
// training leaves, whatever the network, the rule and the batch. Compiling is what takes the
// time: most cases have small tiles, and the same for both.
func TestFusedIsTheSame(t *testing.T) {
	t.Parallel()
	b := openFused(t)
	b.forceSkinny = true
	for _, c := range fuseCases() {
		b.forceSplit, b.forceTile = c.split, tiles[len(tiles)-1]
		if c.tile != nil {
			b.forceTile = c.tile
		}
		b.fuses = false
		want := c.trainOn(t, b, &fused{})
		if c.compiled == nil {
			c.compiled = []*tile{b.forceTile}
		}
		b.fuses = true
		for _, b.forceTile = range c.compiled {
			got := c.trainOn(t, b, &fused{})
			for name := range want {
				sameBits(t, c.name+": "+name, got[name], want[name])
			}
		}
		if sum := want["log"][0]; sum == 0 || math.IsNaN(float64(sum)) {
			t.Errorf("%s: the loss is %v", c.name, sum)
		}
	}
	used := map[string]bool{}
	for _, p := range b.programs {
		used[p.kernel.file] = true
		for _, d := range p.defines {
			used[d.Name] = used[d.Name] || d.Value > 0
			if d.Name == "GATHER" && d.Value > 0 {
				used[fmt.Sprint(p.kernel.file, " ", d)] = true
			}
		}
	}
	for _, name := range []string{"dense_data.comp", "POOL", "UNPOOL", "dense_softmax.comp", "DX", "DROP", "dense_update.comp", "dense_update_pair.comp", "conv2d_update.comp", "conv2d_first.comp {GATHER 1}", "conv2d_first_update.comp {GATHER 1}", "conv2d_first_backward.comp {GATHER 1}", "SPLIT", "VEC_W", "ADVANCE"} {
		if !used[name] {
			t.Errorf("no step has %s", name)
		}
	}
}

func fuseCases() []fuseCase {
	relu, leaky, tanh := glyph.Activation{Kind: glyph.ReLU}, glyph.Leaky(0.1), glyph.Activation{Kind: glyph.Tanh}
	rule := func(k glyph.OptimizerKind) (o glyph.Optimizer) {
		o = glyph.NewOptimizer(k)
		o.L2 = 0.01
		return o
	}
	flat, image := glyph.Shape{8, 9, 1}, glyph.Shape{8, 8, 1}
	dense := func(units int, act glyph.Activation) models.Layer { return models.Dense{Units: units, Activation: act} }
	return []fuseCase{
		{name: "pair", in: flat, batch: 5, rule: rule(glyph.AdamW), penalty: true, move: true, compiled: []*tile{tiles[len(tiles)-1], leanTiles[1]},
			graph: models.Chain(models.Flatten{}, dense(68, relu), dense(10, glyph.Activation{}))},
		{name: "dropout between", in: flat, batch: 9, rule: rule(glyph.Momentum), augment: true,
			graph: models.Chain(models.Flatten{}, dense(68, leaky), models.Dropout{Rate: 0.3}, dense(7, glyph.Activation{}))},
		{name: "three layers", in: flat, batch: 40, rule: rule(glyph.SGD), split: 2,
			graph: models.Chain(models.Flatten{}, dense(20, tanh), dense(66, relu), dense(5, glyph.Activation{}))},
		{name: "convolutions", in: image, batch: 3, rule: rule(glyph.Adam), split: 2,
			graph: models.Chain(conv(6, relu), pool2, conv(8, leaky), pool2, models.Flatten{}, models.Dropout{Rate: 0.25}, dense(65, relu),
				models.Dropout{Rate: 0.25}, dense(10, glyph.Activation{}))},
		{name: "first convolution", in: glyph.Shape{9, 8, 1}, batch: 3, rule: rule(glyph.Momentum), tile: tiles[3],
			graph: models.Chain(conv(8, relu), pool2, models.Dropout{Rate: 0.25}, conv(8, relu), pool2, models.Flatten{}, dense(10, glyph.Activation{}))},
		{name: "normalised", in: image, batch: 3, rule: rule(glyph.RMSProp),
			graph: models.Chain(conv(4, glyph.Activation{}), models.BatchNorm2D{Norm: glyph.DefaultBatchNorm(), Activation: relu}, pool2,
				models.Flatten{}, dense(10, glyph.Activation{}))},
	}
}

// Steps that are repeated a few times a call are compiled too, once there were enough; one
// alone never is: the last repetition does the operations as they were asked for.
func TestRepetitionsAddUp(t *testing.T) {
	t.Parallel()
	b := openFused(t)
	b.dry, b.fuseFrom = true, 7
	s := newTraining(t, b, glyph.Shape{4, 4, 1}, models.Chain(models.Flatten{}, models.Dense{Units: 10}), 2, glyph.NewOptimizer(glyph.SGD))
	asked := 0
	for call, c := range []struct {
		n        int
		compiled bool
	}{{1, false}, {3, false}, {2, false}, {1, false}, {1, false}, {3, true}, {1, false}, {2, true}} {
		before := b.Counts().Dispatches
		b.Repeat(c.n, s.step)
		if err := b.Sync(); err != nil {
			t.Fatal(err)
		}
		each := int(b.Counts().Dispatches - before)
		if call == 0 {
			asked = each
		}
		if fewer := each < c.n*asked; fewer != c.compiled {
			t.Errorf("call %d: %d dispatches for %d steps of %d, compiled %t", call, each, c.n, asked, c.compiled)
		}
	}
}

var pool2 = models.MaxPool2D{Pool: glyph.Pool{Size: 2, Stride: 2}}

func conv(filters int, act glyph.Activation) models.Layer {
	return models.Conv2D{Filters: filters, Kernel: 3, Conv: glyph.Conv{Stride: 1, Pad: 1}, Activation: act}
}

// What a step of a preset asks of a GPU, as BENCHMARKS.md has it: memory that tensors
// share is in nobody's way.
func TestPresetCosts(t *testing.T) {
	for _, c := range []struct {
		model       string
		batch       int
		rule        glyph.OptimizerKind
		want        [6]int // dispatches, barriers and bindings, asked for and compiled
		before, now float64
	}{
		{"mlp", 16, glyph.Momentum, [6]int{8, 8, 40, 4, 4, 25}, 6.78, 4.34},
		{"mlp", 16, glyph.AdamW, [6]int{8, 8, 41, 4, 4, 26}, 8.41, 5.96},
		{"cnn", 64, glyph.Momentum, [6]int{26, 24, 110, 13, 12, 68}, 94.49, 73.51},
	} {
		b := openFused(t)
		b.dry, b.device.Software = true, false
		spec := models.Spec{Model: c.model}.WithDefaults()
		g, err := spec.Graph()
		if err != nil {
			t.Fatal(err)
		}
		s := newTraining(t, b, spec.InputShape(), g, c.batch, glyph.NewOptimizer(c.rule))
		asked, compiled := b.StepCost(s.step)
		got := [6]int{asked.Dispatches, asked.Barriers, asked.Bindings, compiled.Dispatches, compiled.Barriers, compiled.Bindings}
		before, now := math.Round(float64(asked.Bytes)/1e4)/100, math.Round(float64(compiled.Bytes)/1e4)/100
		if t.Logf("%s %v: %+v, compiled %+v", c.model, c.rule, asked, compiled); got != c.want || before != c.before || now != c.now {
			t.Errorf("%s at batch %d: %v and %v, %v MB moved, want %v and %v, %v MB", c.model, c.batch, got, before, now, c.want, c.before, c.now)
		}
	}
}
