package backendtest

import "math"

// Number is a value, and how far a correct backend may be from it, in units of
// the unit roundoff u. Error 0 means exactly.
//
// The functions on Numbers are running error analysis to first order in u
// (Higham 2002, §3.3): fl(a op b) = (a op b)(1 + δ), |δ| <= u.
type Number struct{ Value, Error float64 }

// orNaN is n, from a sum that may leave out 0 times NaN or Inf, so that NaN is right too.
// It is marked by the sign of Error, which is otherwise never negative.
func (n Number) orNaN(loose bool) Number {
	if loose {
		n.Error = -math.Abs(n.Error)
		if n.Error != n.Error {
			n.Error = math.Inf(-1)
		}
	}
	return n
}

func (n Number) mayBeNaN() bool { return n.Error <= 0 && math.Signbit(n.Error) }

// What functions add to the error of a result v, in units of u. GLSL 4.3 itself
// promises nothing; ARB_shader_precision does and GLSL 4.60 §4.7.1 repeats it.
// One ulp of v is at most 2·u·|v|, and a float64 backend on Go's package math,
// within one ulp, is inside all of them.
const (
	// A division is within 2.5 ulp.
	divideError = 5
	// A square root is 1/inversesqrt: 2 ulp and a division.
	sqrtError = 4 + divideError
	// exp is within 3 + 2·|x| ulp.
	expError, expErrorPerX = 6, 4
	// log is within 2⁻²¹ = 8u for x in [0.5, 2] and 3 ulp elsewhere.
	logError, logErrorPerV = 8, 6
	// sigmoid is 1/(1 + e), e = exp(-z). An error ε of e, relative, makes one of
	// y(1-y)·ε in y: (6 + 4|z|)·y(1-y) is at most 2. The sum and the division
	// add 6·y. As (1 + tanh(z/2))/2 it is half of tanh's and two roundings.
	sigmoidError = 10
	// tanh is (a - b)/(a + b), a = exp(z), b = exp(-z). Relative errors ε of a
	// and b make one of at most sech²(z)·ε: (6 + 4|z|)·sech² z is at most 7. The
	// difference, the sum and the division add 7·|y|.
	tanhError = 16
	// A sum of products: see the package documentation.
	sumError = 8
)

// exact is a Number that the backend has as it stands.
func exact(v float64) Number { return Number{Value: v} }

func exactly(v []float64) []Number {
	n := make([]Number, len(v))
	for i := range v {
		n[i] = exact(v[i])
	}
	return n
}

// underflow is an error so small that only the smallest number of bound counts.
const underflow = 0x1p-1000

func rounded(v, e float64) Number { return Number{v, e + math.Abs(v)} }

func add(a, b Number) Number { return rounded(a.Value+b.Value, a.Error+b.Error) }
func sub(a, b Number) Number { return rounded(a.Value-b.Value, a.Error+b.Error) }
func mul(a, b Number) Number {
	return rounded(a.Value*b.Value, math.Abs(a.Value)*b.Error+math.Abs(b.Value)*a.Error)
}

func div(a, b Number) Number {
	v := a.Value / b.Value
	if math.IsInf(b.Value, 0) {
		return exact(v) // 0 or NaN
	}
	return Number{v, (a.Error+math.Abs(v)*b.Error)/math.Abs(b.Value) + divideError*math.Abs(v)}
}

func sqrt(a Number) Number {
	if a.Value == 0 && a.Error == 0 {
		return a
	}
	v := math.Sqrt(a.Value)
	return Number{v, a.Error/(2*v) + sqrtError*v}
}

func exp(a Number) Number {
	v := math.Exp(a.Value)
	if v < underflow {
		return Number{v, underflow} // a device may stop at its smallest number
	}
	return Number{v, v * (a.Error + expError + expErrorPerX*math.Abs(a.Value))}
}

func log(a Number) Number {
	v := math.Log(a.Value)
	return Number{v, a.Error/a.Value + logError + logErrorPerV*math.Abs(v)}
}

// Bound is how far a result may be from n.Value. Where there is an error at
// all, a device may also flush what is subnormal to zero.
func (n Number) Bound(u float64) float64 {
	if n.Error == 0 {
		return 0
	}
	smallest := 0x1p-126
	if u < 0x1p-50 {
		smallest = 0x1p-1022
	}
	return u*math.Abs(n.Error) + smallest
}

// sum is Σ aᵢ·bᵢ with Σ |aᵢ·bᵢ| and the operands' own errors beside it. It is
// compensated (Neumaier 1974), so that the definition is no rougher than the
// float64 backend it judges.
type sum struct {
	hi, lo, magnitude, carried float64
	products                   int                   // of factors
	peak                       float64               // the largest partial sum after a product
	terms                      *[1 << termBits]int32 // of a long sum, after as many products
	loose                      bool
}

// term adds v to the sum.
func (s *sum) term(v float64) {
	t := s.hi + v
	if math.Abs(s.hi) >= math.Abs(v) {
		s.lo += s.hi - t + v
	} else {
		s.lo += v - t + s.hi
	}
	s.hi = t
	s.magnitude += math.Abs(v)
}

// add adds a Number.
func (s *sum) add(a Number) {
	s.term(a.Value)
	s.carried += a.Error
}

// product adds a·b, where b is exact.
func (s *sum) product(a Number, b float64) {
	if a.Value == 0 && !finite(b) || b == 0 && !finite(a.Value) {
		s.loose = true
		return
	}
	v := a.Value * b
	s.term(v)
	if s.products == 1<<termBits {
		s.terms = new([1 << termBits]int32)
	}
	if s.terms != nil && v != 0 { // which is added exactly
		s.terms[math.Float64bits(v)*0x9e3779b97f4a7c15>>(64-termBits)]++
	}
	s.carried += a.Error * math.Abs(b)
	s.products++
	s.peak = max(s.peak, math.Abs(s.hi))
}

// number is the sum and its error.
func (s *sum) number() Number {
	v := s.hi + s.lo
	if v != v || math.IsInf(v, 0) {
		v = s.hi // compensation makes Inf - Inf of an Inf
	}
	walk := math.Sqrt(s.steps()) * s.peak
	if !finite(walk) {
		walk = 0
	}
	return Number{v, sumError*s.magnitude + walk + s.carried}.orNaN(s.loose)
}

// steps is the n of the walk of the partial sums: the number of products, or where
// terms come again Σm² over the different terms, each there m times, as equal terms
// are rounded alike. That is estimated from counts by a hash, in which n different terms
// would have n²/B on average for B counts (Alon, Matias & Szegedy 1996).
func (s *sum) steps() float64 {
	n := float64(s.products)
	if s.terms == nil { // too few to tell, and for their errors to matter
		return n
	}
	counted, squares := 0.0, 0.0
	for _, c := range s.terms {
		counted += float64(c)
		squares += float64(c) * float64(c)
	}
	return max(n, squares-counted*counted/(1<<termBits))
}

// termBits is of the hash that terms are counted by.
const termBits = 7

func finite(v float64) bool { return v-v == 0 }
