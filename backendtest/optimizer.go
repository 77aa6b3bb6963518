package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// correctionError is the relative error of Adam's 1 - βᵗ in units of u. It is
// -expm1(t·log β): forming it by a subtraction in float32 would lose
// log₂(1/(1-β)) bits in the first steps, ten for β₂ = 0.999. With log β given,
// rounded, t·log β = a has an error of 2u·|a|, which expm1 does not magnify; by
// its series that is all, and where a < -1/2, 1 - exp(a) makes of exp's
// (6 + 4|a|)u at most 13u.
const correctionError = 32

// optimizeLayer is one update of n parameters.
type optimizeLayer struct {
	n, weights int
	step       int32
	rates      int // Steps of the table
	rule       glyph.Optimizer
	spare      bool // moments that the rule does not keep
}

func (l optimizeLayer) optimize() *Case {
	shape := glyph.Shape{l.n}
	c := &Case{
		Op: "Optimize",
		Name: fmt.Sprintf("%v %d of %d, step %d of %d, L2 %g, decay %g", l.rule, l.weights, l.n, l.step, l.rates,
			l.rule.L2, l.rule.WeightDecay),
		Tensors: []Operand{state("w", shape, normal(1))},
		Ints:    []IntsOperand{{Name: "clock", Values: clockAt(l.step, 5)}},
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.Optimize(t["w"], t["m"], t["v"], t["g"], t["lr"], a.Ints["clock"], l.weights, l.rule)
		},
		Define: l.define,
	}
	m, v := l.rule.Moments()
	moment := func(name string, kept, positive bool) {
		o := state(name, shape, rested(normal(0.5)))
		if positive {
			o.Fill = rested(uniform(0, 0.5))
		}
		o.Result = kept
		if kept || l.spare {
			c.Tensors = append(c.Tensors, o)
		}
	}
	moment("m", m, l.rule.Kind == glyph.Adadelta)
	moment("v", v, true)
	if l.spare {
		c.Name += ", spare moments"
	}
	c.Tensors = append(c.Tensors, input("g", shape, rested(normal(1))), input("lr", glyph.Shape{l.rates}, uniform(0.05, 0.5)))
	return c
}

// rested makes every 13th element 0, as for a parameter that was never used.
func rested(f Fill) Fill {
	return func(r *glyph.Rand, v []float64, in Values) {
		f(r, v, in)
		for i := 12; i < len(v); i += 13 {
			v[i] = 0
		}
	}
}

func (l optimizeLayer) define(in Values) Results {
	kept := map[string][]Number{"w": exactly(in.Tensor["w"]), "g": exactly(in.Tensor["g"])}
	needM, needV := l.rule.Moments()
	kept["m"], kept["v"] = make([]Number, l.n), make([]Number, l.n)
	if needM {
		kept["m"] = exactly(in.Tensor["m"])
	}
	if needV {
		kept["v"] = exactly(in.Tensor["v"])
	}
	rates, step := in.Tensor["lr"], in.Ints["clock"][glyph.ClockStep]
	lr := exact(rates[min(int(step), len(rates)-1)])
	w, m, v, g := kept["w"], kept["m"], kept["v"], kept["g"]
	for i := range w {
		rule := l.rule
		if i >= l.weights {
			rule.L2, rule.WeightDecay = 0, 0
		}
		// A backend may multiply a weight by a penalty and a decay of 0.
		loose := !finite(w[i].Value) && (rule.L2 == 0 || rule.WeightDecay == 0)
		w[i], m[i], v[i] = update(rule, w[i], m[i], v[i], g[i], lr, step)
		w[i], m[i], v[i] = w[i].orNaN(loose), m[i].orNaN(loose), v[i].orNaN(loose)
	}
	return Results{Tensor: kept}
}

// update is the rule for one parameter, in the letters of glyph.OptimizerKind.
func update(o glyph.Optimizer, w, m, v, g, lr Number, step int32) (Number, Number, Number) {
	constant := func(c float32) Number { return exact(float64(c)) }
	// decayed is c·a + (1-c)·b.
	decayed := func(c float32, a, b Number) Number {
		return add(mul(constant(c), a), mul(sub(exact(1), constant(c)), b))
	}
	correction := func(beta float32) Number {
		c := -math.Expm1(float64(step+1) * math.Log(float64(beta)))
		return Number{c, correctionError * c}
	}
	eps := constant(o.Eps)
	if o.L2 != 0 {
		g = add(g, mul(constant(o.L2), w))
	}
	switch o.Kind {
	case glyph.SGD:
		w = sub(w, mul(lr, g))
	case glyph.Momentum:
		m = add(mul(constant(o.Momentum), m), g)
		w = sub(w, mul(lr, m))
	case glyph.Nesterov:
		m = add(mul(constant(o.Momentum), m), g)
		w = sub(w, mul(lr, add(g, mul(constant(o.Momentum), m))))
	case glyph.RMSProp:
		v = decayed(o.Rho, v, mul(g, g))
		w = sub(w, div(mul(lr, g), add(sqrt(v), eps)))
	case glyph.Adam, glyph.AdamW:
		if o.WeightDecay != 0 && o.Kind == glyph.AdamW {
			w = sub(w, mul(mul(lr, constant(o.WeightDecay)), w))
		}
		m = decayed(o.Beta1, m, g)
		v = decayed(o.Beta2, v, mul(g, g))
		mHat, vHat := div(m, correction(o.Beta1)), div(v, correction(o.Beta2))
		w = sub(w, div(mul(lr, mHat), add(sqrt(vHat), eps)))
	case glyph.Adadelta:
		v = decayed(o.Rho, v, mul(g, g))
		delta := mul(div(sqrt(add(m, eps)), sqrt(add(v, eps))), g)
		m = decayed(o.Rho, m, mul(delta, delta))
		w = sub(w, mul(lr, delta))
	}
	return w, m, v
}

func optimizeCases() (cases []*Case) {
	for k := range glyph.OptimizerNames() {
		rule := glyph.NewOptimizer(glyph.OptimizerKind(k))
		regularised := rule
		regularised.L2 = 0.01
		for i, l := range []optimizeLayer{
			{1, 0, 0, 1, rule, false},
			{1, 1, 0, 1, regularised, false},
			{63, 40, 0, 3, rule, false},
			{64, 64, 1, 3, regularised, false},
			{65, 33, 2, 3, regularised, false},
			{257, 0, 3, 3, regularised, false},      // the table has ended
			{1031, 640, 9, 1, rule, true},           //
			{1031, 129, 1000, 2, regularised, true}, // and the corrections are nearly 1
			{4100, 4097, 100_000, 2, regularised, false},
			{784*256 + 256*10 + 266, 784*256 + 256*10, 3, 100, rule, false},
		} {
			c := l.optimize()
			c.Layer = i == 9
			cases = append(cases, c)
		}
	}
	return cases
}

// trajectories: every rule over several steps on the same arena, each step
// within its bound of the definition from where the last one left it.
func trajectories(b glyph.Backend, r *Report) {
	for k, name := range glyph.OptimizerNames() {
		rule := glyph.NewOptimizer(glyph.OptimizerKind(k))
		rule.L2 = 0.01
		l := optimizeLayer{n: 150, weights: 97, rates: 4, rule: rule}
		c := l.optimize()
		in := c.Values()
		for _, moment := range []string{"m", "v"} {
			clear(in.Tensor[moment]) // training begins with none
		}
		p := place(b, c, odd, in)
		for step := range 7 {
			normal(1)(glyph.NewRand(uint64(step), glyph.StreamTest, uint32(k)), in.Tensor["g"], in)
			round32(in.Tensor["g"])
			in.Ints["clock"] = clockAt(int32(step), 0)
			p.write("g", in.Tensor["g"])
			b.WriteInts(p.args.Ints["clock"], in.Ints["clock"])
			want := l.define(in)
			p.call()
			for _, o := range c.Tensors {
				if o.Result {
					in.Tensor[o.Name] = p.read(o.Name)
					r.compare(fmt.Sprintf("%s step %d %s", name, step, o.Name), Compare(in.Tensor[o.Name], want.Tensor[o.Name], roundoff(b)))
				}
			}
		}
	}
}
