package backendtest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"glyph"
)

// Misuses is the list of calls that every backend must refuse.
func Misuses() (list []Property) {
	for _, c := range oneEach() {
		for _, o := range c.Tensors {
			list = append(list, spoiled(c, o, "rank", func(t glyph.Tensor, _ Args) glyph.Tensor {
				if r := t.Shape.Rank(); r < 4 {
					t.Shape[r] = 1
				} else {
					t.Shape = glyph.Shape{t.Shape[0], t.Shape[1], t.Shape[2] * t.Shape[3]}
				}
				return t
			}))
			list = append(list, spoiled(c, o, "past the end", func(t glyph.Tensor, _ Args) glyph.Tensor {
				t.Off = t.Buf.Len() - t.Size() + 1
				return t
			}))
			list = append(list, spoiled(c, o, "before the start", func(t glyph.Tensor, _ Args) glyph.Tensor {
				t.Off = -1
				return t
			}))
			for _, other := range c.Tensors {
				if o.Result && o.Name != other.Name {
					list = append(list, spoiled(c, o, "over "+other.Name, func(t glyph.Tensor, a Args) glyph.Tensor {
						t.Off = a.Tensor[other.Name].Off
						return t
					}))
				}
			}
			if slices.Contains(required[c.Op], o.Name) {
				list = append(list, spoiled(c, o, "zero", func(glyph.Tensor, Args) glyph.Tensor { return glyph.Tensor{} }))
			}
		}
		for _, o := range c.Ints {
			list = append(list, Property{c.Op + "/" + o.Name + " of another length", func(b glyph.Backend) Report {
				return refuses(c.Op, func() {
					p := place(b, c, aligned, c.Values())
					p.args.Ints[o.Name] = b.AllocInts(len(o.Values) + 1)
					if o.Name == "order" { // may have any
						p.args.Ints[o.Name] = nil
					}
					p.call()
				})
			}})
		}
	}
	return append(list, wrongConstants()...)
}

// required is the operands that may not be the zero Tensor.
var required = map[string][]string{
	"Copy": {"dst", "src"}, "Gather": {"x", "t", "mean", "scale"}, "GatherAugmented": {"x", "t", "mean", "scale"},
	"Dense": {"y", "x", "w"}, "DenseBackward": {"dy", "y", "x", "w"},
	"Conv2D": {"y", "x", "w"}, "Conv2DBackward": {"dy", "y", "x", "w"},
	"MaxPool2D": {"y", "x"}, "MaxPool2DBackward": {"dx", "dy", "y", "x"},
	"AvgPool2D": {"y", "x"}, "AvgPool2DBackward": {"dx", "dy"},
	"GlobalPool2D": {"y", "x"}, "GlobalPool2DBackward": {"dx", "dy", "y", "x"},
	"Add": {"y", "a", "b"}, "AddBackward": {"dx", "dy", "y"},
	"BatchNorm2D":          {"y", "kept", "mean", "variance", "x", "gamma", "beta"},
	"BatchNorm2DBackward":  {"dy", "y", "x", "gamma", "kept"},
	"BatchNorm2DInference": {"y", "x", "gamma", "beta", "mean", "variance"},
	"Dropout":              {"y", "x"}, "SoftmaxCrossEntropy": {"logits", "t"},
	"L2": {"penalty", "w"}, "Optimize": {"w", "m", "v", "g", "lr"}, "MovingAverage": {"average", "w"},
	"Advance": {"loss"}, "Confusion": {"logits", "t"},
}

// oneEach is one case of each operation: of the small ones that with the most
// operands.
func oneEach() (cases []*Case) {
	best := map[string]*Case{}
	var ops []string
	for _, c := range Cases() {
		if c.elements() > 2000 || c.elements() < 20 {
			continue
		}
		old, seen := best[c.Op]
		if !seen {
			ops = append(ops, c.Op)
		}
		if !seen || resultsAndOperands(c) > resultsAndOperands(old) {
			best[c.Op] = c
		}
	}
	for _, op := range ops {
		cases = append(cases, best[op])
	}
	return cases
}

// resultsAndOperands counts results first: Adam's m and v are required, spare
// moments are not.
func resultsAndOperands(c *Case) int {
	n := len(c.Tensors)
	for _, o := range c.Tensors {
		if o.Result {
			n += 10
		}
	}
	return n
}

// spoiled is c with one operand changed.
func spoiled(c *Case, o Operand, how string, change func(glyph.Tensor, Args) glyph.Tensor) Property {
	return Property{fmt.Sprintf("%s/%s %s", c.Op, o.Name, how), func(b glyph.Backend) Report {
		return refuses(c.Op, func() {
			p := place(b, c, aligned, c.Values())
			p.args.Tensor[o.Name] = change(p.args.Tensor[o.Name], p.args)
			p.call()
		})
	}}
}

// refuses reports unless f panics with the message of the shared check.
func refuses(op string, f func()) (r Report) {
	defer func() {
		p := recover()
		if p == nil {
			r.failf("does not panic")
		} else if s := fmt.Sprint(p); !strings.HasPrefix(s, "glyph: "+op+": ") {
			r.failf("panics with %q, want %q first", s, "glyph: "+op+": ")
		}
	}()
	f()
	return r
}

// wrong collects calls with constants out of range.
type wrong struct{ list []Property }

// tensor makes a tensor of the dimensions.
type tensor = func(...int) glyph.Tensor

func (w *wrong) add(op, name string, f func(b glyph.Backend, t tensor, clock glyph.Ints)) {
	w.list = append(w.list, Property{op + "/" + name, func(b glyph.Backend) Report {
		return refuses(op, func() {
			f(b, func(d ...int) glyph.Tensor {
				var s glyph.Shape
				copy(s[:], d)
				return glyph.NewTensor(b, s)
			}, b.AllocInts(glyph.ClockLen))
		})
	}})
}

// wrongConstants is geometry, rates and rules out of range.
func wrongConstants() []Property {
	var w wrong
	w.activations()
	w.geometry()
	w.poolKinds()
	w.norms()
	w.rates()
	w.rules()
	w.sets()
	return w.list
}

// activations that there are not.
func (w *wrong) activations() {
	none := glyph.Tensor{}
	for name, act := range map[string]glyph.Activation{
		"unknown activation": {Kind: 200}, "slope 1": glyph.Leaky(1), "slope NaN": glyph.Leaky(float32(math.NaN())),
	} {
		w.add("Dense", name, func(b glyph.Backend, t tensor, _ glyph.Ints) {
			b.Dense(t(2, 3), t(2, 4), t(3, 4), none, act)
		})
		w.add("DenseBackward", name, func(b glyph.Backend, t tensor, _ glyph.Ints) {
			b.DenseBackward(none, t(3, 4), none, t(2, 3), t(2, 3), t(2, 4), t(3, 4), act)
		})
		w.add("Conv2D", name, func(b glyph.Backend, t tensor, _ glyph.Ints) {
			b.Conv2D(t(1, 2, 2, 3), t(1, 3, 3, 1), t(3, 2, 2, 1), none, glyph.Conv{Stride: 1}, act)
		})
		w.add("Conv2DBackward", name, func(b glyph.Backend, t tensor, _ glyph.Ints) {
			b.Conv2DBackward(none, t(3, 2, 2, 1), none, t(1, 2, 2, 3), t(1, 2, 2, 3), t(1, 3, 3, 1), t(3, 2, 2, 1), glyph.Conv{Stride: 1}, act)
		})
		w.add("Add", name, func(b glyph.Backend, t tensor, _ glyph.Ints) { b.Add(t(2, 3), t(2, 3), t(2, 3), act) })
		w.add("AddBackward", name, func(b glyph.Backend, t tensor, _ glyph.Ints) { b.AddBackward(t(2, 3), t(2, 3), t(2, 3), act) })
	}
}

// geometry of convolutions and pooling that does not fit.
func (w *wrong) geometry() {
	none := glyph.Tensor{}
	for name, c := range map[string]glyph.Conv{"stride 0": {}, "pad -1": {Stride: 1, Pad: -1}, "pad of the kernel": {Stride: 1, Pad: 2}} {
		w.add("Conv2D", name, func(b glyph.Backend, t tensor, _ glyph.Ints) {
			b.Conv2D(t(1, 2, 2, 3), t(1, 3, 3, 1), t(3, 2, 2, 1), none, c, glyph.Activation{})
		})
	}
	w.add("Conv2D", "kernel over the image", func(b glyph.Backend, t tensor, _ glyph.Ints) {
		b.Conv2D(t(1, 1, 1, 3), t(1, 3, 3, 1), t(3, 4, 2, 1), none, glyph.Conv{Stride: 1}, glyph.Activation{})
	})
	for name, p := range map[string]glyph.Pool{"size 0": {Stride: 1}, "stride 0": {Size: 2}, "window over the image": {Size: 4, Stride: 1}} {
		w.add("MaxPool2D", name, func(b glyph.Backend, t tensor, _ glyph.Ints) { b.MaxPool2D(t(1, 1, 1, 2), t(1, 3, 3, 2), p) })
		w.add("AvgPool2D", name, func(b glyph.Backend, t tensor, _ glyph.Ints) { b.AvgPool2D(t(1, 1, 1, 2), t(1, 3, 3, 2), p) })
		w.add("AvgPool2DBackward", name, func(b glyph.Backend, t tensor, _ glyph.Ints) {
			b.AvgPool2DBackward(t(1, 3, 3, 2), t(1, 1, 1, 2), p)
		})
	}
}

// kinds of pooling that there are not.
func (w *wrong) poolKinds() {
	w.add("GlobalPool2D", "unknown kind", func(b glyph.Backend, t tensor, _ glyph.Ints) {
		b.GlobalPool2D(t(1, 2), t(1, 3, 3, 2), 200)
	})
	w.add("GlobalPool2DBackward", "unknown kind", func(b glyph.Backend, t tensor, _ glyph.Ints) {
		b.GlobalPool2DBackward(t(1, 3, 3, 2), t(1, 2), t(1, 2), t(1, 3, 3, 2), 200)
	})
}

// norms that divide by 0, keep nothing or have no activation.
func (w *wrong) norms() {
	nan := float32(math.NaN())
	call := func(name string, n glyph.BatchNorm, act glyph.Activation) {
		w.add("BatchNorm2D", name, func(b glyph.Backend, t tensor, _ glyph.Ints) {
			b.BatchNorm2D(t(1, 2, 2, 3), t(glyph.KeptRows, 3), t(3), t(3), t(1, 2, 2, 3), t(3), t(3), n, act)
		})
		w.add("BatchNorm2DInference", name, func(b glyph.Backend, t tensor, _ glyph.Ints) {
			b.BatchNorm2DInference(t(1, 2, 2, 3), t(1, 2, 2, 3), t(3), t(3), t(3), t(3), n, act)
		})
	}
	for name, n := range map[string]glyph.BatchNorm{
		"eps 0": {Momentum: 0.1}, "eps NaN": {Eps: nan, Momentum: 0.1}, "momentum 0": {Eps: 1e-5},
		"momentum 2": {Eps: 1e-5, Momentum: 2}, "momentum NaN": {Eps: 1e-5, Momentum: nan},
	} {
		call(name, n, glyph.Activation{})
	}
	unknown := glyph.Activation{Kind: 200}
	call("unknown activation", glyph.DefaultBatchNorm(), unknown)
	w.add("BatchNorm2DBackward", "unknown activation", func(b glyph.Backend, t tensor, _ glyph.Ints) {
		b.BatchNorm2DBackward(glyph.Tensor{}, t(3), t(3), t(1, 2, 2, 3), t(1, 2, 2, 3), t(1, 2, 2, 3), t(3), t(glyph.KeptRows, 3), unknown)
	})
}

// rates out of range.
func (w *wrong) rates() {
	for _, rate := range []float32{1, -0.5, float32(math.NaN())} {
		w.add("Dropout", fmt.Sprint("rate ", rate), func(b glyph.Backend, t tensor, clock glyph.Ints) {
			b.Dropout(t(4), t(4), glyph.Mask{Rate: rate}, clock)
		})
	}
	for _, decay := range []float32{1, -0.5, float32(math.NaN())} {
		w.add("MovingAverage", fmt.Sprint("decay ", decay), func(b glyph.Backend, t tensor, clock glyph.Ints) {
			b.MovingAverage(t(4), t(4), decay, clock)
		})
	}
	w.add("L2", "lambda NaN", func(b glyph.Backend, t tensor, _ glyph.Ints) { b.L2(t(1), t(4), float32(math.NaN())) })
}

// update rules without what they need.
func (w *wrong) rules() {
	none := glyph.Tensor{}
	optimize := func(name string, m bool, weights int, o glyph.Optimizer) {
		w.add("Optimize", name, func(b glyph.Backend, t tensor, clock glyph.Ints) {
			moment := none
			if m {
				moment = t(4)
			}
			b.Optimize(t(4), moment, moment, t(4), t(2), clock, weights, o)
		})
	}
	optimize("unknown rule", false, 4, glyph.Optimizer{Kind: 99})
	optimize("Adam without moments", false, 4, glyph.NewOptimizer(glyph.Adam))
	optimize("one tensor as both moments", true, 4, glyph.NewOptimizer(glyph.Adam))
	optimize("more weights than parameters", false, 5, glyph.Optimizer{})
	optimize("negative weights", false, -1, glyph.Optimizer{})
}

// data sets and augmentations that are not whole.
func (w *wrong) sets() {
	w.add("Gather", "smoothing 1", func(b glyph.Backend, t tensor, clock glyph.Ints) {
		set := glyph.Dataset{Images: b.Upload(make([]byte, 12)), Labels: b.Upload(make([]byte, 3)), Shape: glyph.Shape{3, 2, 2, 1}, Mean: t(1), Scale: t(1)}
		b.Gather(t(2, 2, 2, 1), t(2, 3), set, b.AllocInts(3), clock, 1)
	})
	nan := float32(math.NaN())
	for name, a := range map[string]glyph.Augmentation{
		"shift -1": {Shift: -1}, "shift 1025": {Shift: 1025}, "rotation 181": {Rotation: 181},
		"scale 0.6": {Scale: 0.6}, "shear NaN": {Shear: nan}, "elastic -1": {Elastic: -1}, "elastic 65": {Elastic: 65}, "stroke -1": {Stroke: -1}, "stroke 1.5": {Stroke: 1.5}, "cutout -1": {Cutout: -1}, "cutout 1025": {Cutout: 1025},
	} {
		w.add("GatherAugmented", name, func(b glyph.Backend, t tensor, clock glyph.Ints) {
			set := glyph.Dataset{Images: b.Upload(make([]byte, 12)), Labels: b.Upload(make([]byte, 3)), Shape: glyph.Shape{3, 2, 2, 1}, Mean: t(1), Scale: t(1)}
			b.GatherAugmented(t(2, 2, 2, 1), t(2, 3), set, b.AllocInts(3), clock, 0, a, 1)
		})
	}
	w.add("GatherAugmented", "images too wide", func(b glyph.Backend, t tensor, clock glyph.Ints) {
		set := glyph.Dataset{Images: b.Upload(make([]byte, 1025)), Labels: b.Upload(make([]byte, 1)), Shape: glyph.Shape{1, 1, 1025, 1}, Mean: t(1), Scale: t(1)}
		b.GatherAugmented(t(1, 1, 1025, 1), t(1, 3), set, b.AllocInts(3), clock, 0, everything, 1)
	})
	w.add("Gather", "labels missing", func(b glyph.Backend, t tensor, clock glyph.Ints) {
		set := glyph.Dataset{Images: b.Upload(make([]byte, 12)), Labels: b.Upload(make([]byte, 2)), Shape: glyph.Shape{3, 2, 2, 1}, Mean: t(1), Scale: t(1)}
		b.Gather(t(2, 2, 2, 1), t(2, 3), set, b.AllocInts(3), clock, 0)
	})
}
