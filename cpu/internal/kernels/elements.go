package kernels

// Plus is y = a + b.
func (k *Kernels[T]) Plus(y, a, b []T) {
	if n := len(y); n > 0 {
		k.plus(&y[0], &a[:n][0], &b[:n][0], n)
	}
}

// PlusReLU is y = max(a + b, 0). A NaN remains one.
func (k *Kernels[T]) PlusReLU(y, a, b []T) {
	if n := len(y); n > 0 {
		k.plusReLU(&y[0], &a[:n][0], &b[:n][0], n)
	}
}

// Scaled is y = scale·x.
func (k *Kernels[T]) Scaled(y, x []T, scale T) {
	if n := len(y); n > 0 {
		k.scaled(&y[0], &x[:n][0], n, scale)
	}
}

// ReLU is z = 0 where z < 0.
func (k *Kernels[T]) ReLU(z []T) {
	if len(z) > 0 {
		k.relu(&z[0], len(z))
	}
}

// LeakyReLU is z = slope·z where z < 0.
func (k *Kernels[T]) LeakyReLU(z []T, slope T) {
	if len(z) > 0 {
		k.leaky(&z[0], len(z), slope)
	}
}

// Sigmoid is z = 1/(1 + e⁻ᶻ).
func (k *Kernels[T]) Sigmoid(z []T) {
	if len(z) > 0 {
		k.sigmoid(&z[0], len(z))
	}
}

// Tanh is z = tanh z.
func (k *Kernels[T]) Tanh(z []T) {
	if len(z) > 0 {
		k.tanh(&z[0], len(z))
	}
}

// Exp is z = eᶻ, within 2 units in the last place from -707 to 709; below it is
// 0, and above e⁷⁰⁹.
func (k *Kernels[T]) Exp(z []float64) {
	if len(z) > 0 {
		k.exp(&z[0], len(z))
	}
}

// ReLUGrad is dz = dy where y > 0, and 0 elsewhere.
func (k *Kernels[T]) ReLUGrad(dz, dy, y []T) {
	if n := len(dz); n > 0 {
		k.reluGrad(&dz[0], &dy[:n][0], &y[:n][0], n)
	}
}

// LeakyReLUGrad is dz = dy where y > 0, and slope·dy elsewhere.
func (k *Kernels[T]) LeakyReLUGrad(dz, dy, y []T, slope T) {
	if n := len(dz); n > 0 {
		k.leakyGrad(&dz[0], &dy[:n][0], &y[:n][0], n, slope)
	}
}

// SigmoidGrad is dz = dy·y·(1 - y).
func (k *Kernels[T]) SigmoidGrad(dz, dy, y []T) {
	if n := len(dz); n > 0 {
		k.sigmoidGrad(&dz[0], &dy[:n][0], &y[:n][0], n)
	}
}

// TanhGrad is dz = dy·(1 - y²).
func (k *Kernels[T]) TanhGrad(dz, dy, y []T) {
	if n := len(dz); n > 0 {
		k.tanhGrad(&dz[0], &dy[:n][0], &y[:n][0], n)
	}
}

// SGD is w -= lr·g, where g is increased by l2·w, as in the other rules.
func (k *Kernels[T]) SGD(w, g []T, lr, l2 T) {
	if n := len(w); n > 0 {
		k.sgd(&w[0], &g[:n][0], n, lr, l2)
	}
}

// Momentum is m = mu·m + g, w -= lr·m.
func (k *Kernels[T]) Momentum(w, m, g []T, lr, mu, l2 T) {
	if n := len(w); n > 0 {
		k.momentum(&w[0], &m[:n][0], &g[:n][0], n, lr, mu, l2)
	}
}

// Nesterov is m = mu·m + g, w -= lr·(g + mu·m).
func (k *Kernels[T]) Nesterov(w, m, g []T, lr, mu, l2 T) {
	if n := len(w); n > 0 {
		k.nesterov(&w[0], &m[:n][0], &g[:n][0], n, lr, mu, l2)
	}
}

// RMSProp is v = rho·v + (1-rho)·g², w -= lr·g/(√v + eps).
func (k *Kernels[T]) RMSProp(w, v, g []T, lr, rho, eps, l2 T) {
	if n := len(w); n > 0 {
		k.rmsprop(&w[0], &v[:n][0], &g[:n][0], n, lr, rho, 1-rho, eps, l2)
	}
}

// Adadelta is v = rho·v + (1-rho)·g², d = √(m+eps)/√(v+eps)·g,
// m = rho·m + (1-rho)·d², w -= lr·d.
func (k *Kernels[T]) Adadelta(w, m, v, g []T, lr, rho, eps, l2 T) {
	if n := len(w); n > 0 {
		k.adadelta(&w[0], &m[:n][0], &v[:n][0], &g[:n][0], n, lr, rho, 1-rho, eps, l2)
	}
}

// Average is average += share·(w - average). Elements that equal w already keep their
// bits.
func (k *Kernels[T]) Average(average, w []T, share T) {
	if n := len(average); n > 0 {
		k.average(&average[0], &w[:n][0], n, share)
	}
}

// AdamRates is the numbers of a step of Adam; CorrectM is 1/(1-β₁ᵗ).
type AdamRates[T Float] struct {
	LR, Beta1, Beta2, Eps, L2, Decay T
	CorrectM, CorrectV               T
}

// Adam is that of glyph.Optimizer, or AdamW where Decay is not 0.
func (k *Kernels[T]) Adam(w, m, v, g []T, a AdamRates[T]) {
	if n := len(w); n > 0 {
		k.adam(&w[0], &m[:n][0], &v[:n][0], &g[:n][0], n, a.LR, a.Beta1, 1-a.Beta1, a.Beta2, 1-a.Beta2,
			a.Eps, a.L2, a.LR*a.Decay, a.CorrectM, a.CorrectV)
	}
}
