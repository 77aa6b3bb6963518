package backendtest

import (
	"math"
	"testing"

	"glyph"
)

// sums32 computes sums of n products one after the other in float32, the roughest order
// there is. It returns the largest share that they use of the bound, the same of the
// bound without the walk of the partial sums, and what fraction of the sums is outside
// the bound if their factors are rounded to half precision.
func sums32(n, sums int, draw func(r *glyph.Rand, i int) (a, b float64)) (used, usedWithoutWalk, halvesOutside float64) {
	for id := range uint32(sums) {
		var want sum
		var got, halves float32
		r := randoms(id)
		for i := range n {
			v, w := draw(r, i)
			a, b := float32(v), float32(w)
			want.product(exact(float64(a)), float64(b))
			got += a * b
			halves += half(a) * half(b)
		}
		number := want.number()
		withoutWalk := Number{number.Value, sumError * want.magnitude}
		used = max(used, share(float64(got), number.Value, number.Bound(U32)))
		usedWithoutWalk = max(usedWithoutWalk, share(float64(got), number.Value, withoutWalk.Bound(U32)))
		if share(float64(halves), number.Value, number.Bound(U32)) > 1 {
			halvesOutside += 1 / float64(sums)
		}
	}
	return used, usedWithoutWalk, halvesOutside
}

// The bound of a sum of products is neither too tight nor too loose, up to the longest
// sums of the cases: the gradients of weights over 64 images of 28×28. A float32 sum is
// within it, also where the terms cancel late, for which it needs the walk. Where the
// terms are independent, most sums of factors in half precision are outside.
func TestBoundOfSumsOfProducts(t *testing.T) {
	for _, c := range []struct{ n, sums int }{{144, 64}, {1152, 64}, {64 * 28 * 28, 16}} {
		check := func(kind string, late bool, draw func(r *glyph.Rand, i int) (a, b float64)) {
			used, withoutWalk, halves := sums32(c.n, c.sums, draw)
			t.Logf("%d products, %s: %.2f of the bound, %.2f without the walk; %.2f of the sums in half precision are outside",
				c.n, kind, used, withoutWalk, halves)
			if used > 0.8 {
				t.Errorf("%d products, %s: a float32 sum uses %.2f of its bound", c.n, kind, used)
			}
			if late && c.n > 1000 && withoutWalk <= 1 {
				t.Errorf("%d products, %s: the bound does not need the walk", c.n, kind)
			}
			if !late && halves < 0.5 {
				t.Errorf("%d products, %s: %.2f of the sums in half precision are outside", c.n, kind, halves)
			}
		}
		check("normal", false, func(r *glyph.Rand, _ int) (a, b float64) { return r.Normal(), r.Normal() })
		check("after ReLU", false, func(r *glyph.Rand, _ int) (a, b float64) { return max(r.Normal(), 0), r.Normal() })
		check("cancelling late", true, func(r *glyph.Rand, i int) (a, b float64) {
			a, b = math.Abs(r.Normal()), math.Abs(r.Normal())
			if i >= c.n/2 {
				b = -b
			}
			return a, b
		})
	}
}

// Where no term comes again the walk of a long sum is that of its products, but for what
// the estimate is off by; of equal terms, whose roundings add up, it is longer, as a float32
// sum of them needs. A sum that leaves out one term in a hundred is outside even so.
func TestBoundOfEqualTerms(t *testing.T) {
	const n = 50_000
	r := randoms(7)
	var apart, equal sum
	var got, fewer float32
	v := float64(float32(0.1))
	for i := range n {
		apart.product(exact(r.Normal()), r.Normal())
		equal.product(exact(v), 1)
		got += float32(v)
		if i%100 != 0 {
			fewer += float32(v)
		}
	}
	if steps := apart.steps(); steps > 1.5*n {
		t.Errorf("%d different terms count as %.0f", n, steps)
	}
	number, want := equal.number(), float64(n)*n
	if steps := equal.steps(); steps < 0.9*want || steps > 1.1*want {
		t.Errorf("%d equal terms count as %.3g, want about %.3g", n, steps, want)
	}
	if used := share(float64(got), number.Value, number.Bound(U32)); used > 0.8 {
		t.Errorf("a float32 sum of equal terms uses %.2f of its bound", used)
	}
	bare := Number{number.Value, sumError*equal.magnitude + math.Sqrt(n)*equal.peak}
	if used := share(float64(got), bare.Value, bare.Bound(U32)); used <= 1 {
		t.Errorf("the sum uses %.2f of the bound that takes terms for independent", used)
	}
	if used := share(float64(fewer), number.Value, number.Bound(U32)); used <= 1 {
		t.Errorf("a sum without a hundredth of its terms uses %.2f of the bound", used)
	}
}
