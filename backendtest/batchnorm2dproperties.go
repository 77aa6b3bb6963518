package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// normalisedMoments: each channel of y has the mean beta and the variance
// gamma²·σ²/(σ² + ε).
func normalisedMoments(b glyph.Backend, r *Report) {
	l := newNormLayer(glyph.Shape{5, 6, 7, 9}, glyph.DefaultBatchNorm(), glyph.Activation{})
	l.fill = far(10, 2)
	c := l.forward()
	in := c.Values()
	y, numbers := evaluate(b, c, in)["y"], c.Define(in).Tensor["y"]
	gamma, beta := in.Tensor["gamma"], in.Tensor["beta"]
	_, variance := l.statistics(in.Tensor["x"])
	m := float64(l.count())
	for ch := range l.c {
		var mean, square, error, errorOfSquare float64
		for i := ch; i < len(y); i += l.c {
			d := y[i] - beta[ch]
			mean += d / m
			square += d * d / m
			error += numbers[i].Error / m
			errorOfSquare += 2 * math.Abs(d) * numbers[i].Error / m
		}
		r.near(fmt.Sprintf("mean of channel %d", ch), mean, 0, error, b)
		want := gamma[ch] * gamma[ch] * variance[ch].Value / (variance[ch].Value + float64(l.Eps))
		r.near(fmt.Sprintf("variance of channel %d", ch), square, want, errorOfSquare, b)
	}
}

// orthogonalGradient: dx has no part along what normalising takes out of x, the
// ones and x̂, but for what ε leaves: Σ dx = 0 and
// Σ dx·x̂ = gamma/√(σ² + ε)·dgamma·ε/(σ² + ε).
func orthogonalGradient(b glyph.Backend, r *Report) {
	for _, act := range activations {
		l := newNormLayer(glyph.Shape{4, 5, 6, 7}, glyph.BatchNorm{Eps: 0.01, Momentum: 0.1}, act)
		c := l.backward("dx", "dgamma")
		in := c.Values()
		if roundoff(b) == U64 { // the statistics of x as exactly as it takes them
			l.kept(nil, in.Tensor["kept"], in)
		}
		got, numbers := evaluate(b, c, in), c.Define(in).Tensor
		kept, x, gamma := in.Tensor["kept"], in.Tensor["x"], in.Tensor["gamma"]
		for ch := range l.c {
			var ones, along, error, errorAlong float64
			mean, inverse := kept[glyph.KeptMean*l.c+ch], kept[glyph.KeptInverse*l.c+ch]
			for i := ch; i < len(x); i += l.c {
				hat := (x[i] - mean) * inverse
				ones += got["dx"][i]
				along += got["dx"][i] * hat
				error += numbers["dx"][i].Error
				errorAlong += numbers["dx"][i].Error * math.Abs(hat)
			}
			r.near(fmt.Sprintf("%v: Σ dx of channel %d", act, ch), ones, 0, error, b)
			want := gamma[ch] * inverse * got["dgamma"][ch] * float64(l.Eps) * inverse * inverse
			r.near(fmt.Sprintf("%v: Σ dx·x̂ of channel %d", act, ch), along, want, errorAlong+math.Abs(want), b)
		}
	}
}

// inferenceIsTraining: with the statistics of the batch as the running ones,
// inference does what training did. A momentum of 1 keeps nothing of what was there.
func inferenceIsTraining(b glyph.Backend, r *Report) {
	for _, act := range activations {
		l := newNormLayer(glyph.Shape{3, 7, 5, 10}, glyph.BatchNorm{Eps: 1e-3, Momentum: 1}, act)
		training := l.forward()
		in := training.Values()
		trained, numbers := evaluate(b, training, in), training.Define(in).Tensor
		inference := l.inference()
		m := float64(l.count())
		given := inference.Values()
		for _, name := range []string{"x", "gamma", "beta"} {
			given.Tensor[name] = in.Tensor[name]
		}
		given.Tensor["mean"] = trained["mean"]
		given.Tensor["variance"] = make([]float64, l.c)
		for c, v := range trained["variance"] {
			given.Tensor["variance"][c] = v * (m - 1) / m
		}
		want := around(trained["y"], numbers["y"])
		r.compare(act.String(), Compare(evaluate(b, inference, given)["y"], want, roundoff(b)))
	}
}

// permutedNorm: the order of the samples changes no statistic by more than the rounding
// of its sum, and y is permuted as x is.
func permutedNorm(b glyph.Backend, r *Report) {
	l := newNormLayer(glyph.Shape{13, 4, 5, 6}, glyph.DefaultBatchNorm(), glyph.Activation{Kind: glyph.ReLU})
	c := l.forward()
	in, moved := c.Values(), c.Values()
	moved.Tensor["x"] = rotate(in.Tensor["x"], l.n)
	want, numbers := evaluate(b, c, in), c.Define(moved).Tensor
	want["y"] = rotate(want["y"], l.n)
	for name, got := range evaluate(b, c, moved) {
		r.compare(name, Compare(got, around(want[name], numbers[name]), roundoff(b)))
	}
}

// scaledNorm: the result does not depend on the unit of x, if ε is in its square.
func scaledNorm(b glyph.Backend, r *Report) {
	l := newNormLayer(glyph.Shape{2, 5, 4, 9}, glyph.BatchNorm{Eps: 0.125, Momentum: 0.1}, glyph.Activation{})
	small := l
	small.Eps /= 16
	in, scaled := l.forward().Values(), l.forward().Values()
	for i, v := range in.Tensor["x"] {
		scaled.Tensor["x"][i] = v / 4
	}
	want, numbers := evaluate(b, l.forward(), in)["y"], l.defineForward(in).Tensor["y"]
	got := evaluate(b, small.forward(), scaled)["y"]
	r.compare("y", Compare(got, around(want, numbers), roundoff(b)))
}

// runningStatistics: over several batches, each step within its bound of where the
// last left the statistics.
func runningStatistics(b glyph.Backend, r *Report) {
	l := newNormLayer(glyph.Shape{3, 4, 4, 5}, glyph.BatchNorm{Eps: 1e-5, Momentum: 0.25}, glyph.Activation{})
	c := l.forward()
	in := c.Values()
	for i := range in.Tensor["mean"] {
		in.Tensor["mean"][i], in.Tensor["variance"][i] = 0, 1 // training begins with them
	}
	p := place(b, c, odd, in)
	defer p.free()
	for step := range 5 {
		far(3, 0.5)(glyph.NewRand(uint64(step), glyph.StreamTest, 77), in.Tensor["x"], in)
		round32(in.Tensor["x"])
		p.write("x", in.Tensor["x"])
		want := l.defineForward(in)
		p.call()
		for _, name := range []string{"mean", "variance"} {
			in.Tensor[name] = p.read(name)
			r.compare(fmt.Sprintf("step %d %s", step, name), Compare(in.Tensor[name], want.Tensor[name], roundoff(b)))
		}
	}
}
