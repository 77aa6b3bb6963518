package backendtest

import (
	"fmt"
	"math"
	"runtime/debug"
	"slices"

	"glyph"
)

// Report is the result of a check.
type Report struct {
	// Failures is empty where the backend passes.
	Failures []string
	// Share is the largest share of a bound that was used, and Where the
	// element.
	Share float64
	Where string
}

func (r *Report) failf(format string, args ...any) {
	r.Failures = append(r.Failures, fmt.Sprintf(format, args...))
}

// compare adds a comparison of an operand to the report.
func (r *Report) compare(name string, c Comparison) {
	if c.Share > r.Share {
		r.Share, r.Where = c.Share, fmt.Sprintf("%s[%d]", name, c.Index)
	}
	if !c.OK() {
		r.failf("%s: %v", name, c)
	}
}

// guarded runs f and turns a panic, and so a device error, into a failure.
func guarded(f func(r *Report)) (r Report) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case deviceError:
			r.failf("device error: %v", p.error)
		default:
			r.failf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	f(&r)
	return r
}

// smallCase is up to how many elements a case is tried in every layout.
const smallCase = 40_000

// Check runs a case on a backend and holds it to its definition and to the
// rules for every operation.
func Check(b glyph.Backend, c *Case) Report { return CheckEach([]glyph.Backend{b}, c)[0] }

// CheckEach is Check on each of several backends. It computes the definition once, which
// takes most of the time.
func CheckEach(backends []glyph.Backend, c *Case) []Report {
	if c.elements() <= smallCase {
		return check(backends, c, aligned, odd, apart)
	}
	return check(backends, c, aligned)
}

// CheckAligned is Check with every operand at a multiple of [glyph.Align] only,
// where everything that can be is loaded in vectors. A backend's sweep over its
// own variants takes it for some cases and CheckOdd for the others.
func CheckAligned(b glyph.Backend, c *Case) Report {
	return check([]glyph.Backend{b}, c, aligned)[0]
}

// CheckOdd is Check with every operand at an odd offset only, where vector loads
// are impossible.
func CheckOdd(b glyph.Backend, c *Case) Report { return check([]glyph.Backend{b}, c, odd)[0] }

func check(backends []glyph.Backend, c *Case, layouts ...layout) (reports []Report) {
	var in Values
	var want Results
	defined := guarded(func(*Report) {
		in = c.Values()
		want = c.Define(in)
	})
	for _, b := range backends {
		r := defined
		if len(r.Failures) == 0 {
			r = guarded(func(r *Report) {
				for _, l := range layouts {
					hold(r, b, c, l, in, want)
				}
			})
		}
		reports = append(reports, r)
	}
	return reports
}

// hold runs a case twice with its operands laid out in one way.
func hold(r *Report, b glyph.Backend, c *Case, l layout, in Values, want Results) {
	p := place(b, c, l, in)
	p.call()
	p.compare(r, want)
	r.Failures = append(r.Failures, p.strays(in)...)
	first := p.bits()
	p.restore(in)
	p.call()
	if !slices.Equal(first, p.bits()) {
		r.failf("%s: a second run gives other bits", l.name)
	}
	p.free()
}

// compare holds every result to the definition.
func (p *placed) compare(r *Report, want Results) {
	u := roundoff(p.b)
	for _, o := range p.c.Tensors {
		if !o.Result {
			continue
		}
		w, defined := want.Tensor[o.Name]
		if !defined {
			panic(fmt.Sprintf("backendtest: %v does not define %s", p.c, o.Name))
		}
		got := p.read(o.Name)
		r.compare(o.Name, Compare(got, w, u))
		for i := range got {
			if p.c.SignedZeros && got[i] == 0 && math.Signbit(got[i]) != math.Signbit(w[i].Value) {
				r.failf("%s: element %d is %v, want %v", o.Name, i, got[i], w[i].Value)
				break
			}
		}
	}
	for _, o := range p.c.Ints {
		if !o.Result {
			continue
		}
		if got := readInts(p.b, p.args.Ints[o.Name]); !equalInts(got, want.Ints[o.Name]) {
			r.failf("%s: got %v, want %v", o.Name, got, want.Ints[o.Name])
		}
	}
}

// bits is every result, NaNs alike.
func (p *placed) bits() (bits []uint64) {
	for _, o := range p.c.Tensors {
		if o.Result {
			bits = append(bits, bitsOf(p.read(o.Name))...)
		}
	}
	for _, o := range p.c.Ints {
		for _, v := range readInts(p.b, p.args.Ints[o.Name]) {
			bits = append(bits, uint64(v))
		}
	}
	return bits
}

func bitsOf(values []float64) []uint64 {
	bits := make([]uint64, len(values))
	for i, v := range values {
		if v != v {
			v = math.NaN()
		}
		bits[i] = math.Float64bits(v)
	}
	return bits
}

func equalInts(a, b []int32) bool { return slices.Equal(a, b) }

// evaluate is the results of a case on given inputs, each operand in a buffer
// of its own. Inputs that the case does not have are skipped.
func evaluate(b glyph.Backend, c *Case, in Values) map[string][]float64 {
	p := place(b, c, apart, in)
	defer p.free()
	for _, o := range c.Tensors {
		if o.Fill != nil {
			p.write(o.Name, in.Tensor[o.Name]) // place has rounded them
		}
	}
	p.call()
	out := map[string][]float64{}
	for _, o := range c.Tensors {
		if o.Result {
			out[o.Name] = p.read(o.Name)
		}
	}
	return out
}
