// Package suite makes tests and benchmarks of package backendtest: what a
// backend's own tests call.
//
//	func TestConformance(t *testing.T) {
//		suite.Run(t, func(t testing.TB) glyph.Backend { return mine.New() })
//	}
package suite

import (
	"fmt"
	"testing"

	"glyph"
	"glyph/backendtest"
)

// Run holds a backend to the whole specification. open makes a new backend, of
// which Run needs several; it closes them. Under -short the larger cases are left out.
func Run(t *testing.T, open func(t testing.TB) glyph.Backend) {
	b := open(t)
	t.Run("cases", func(t *testing.T) { runCases(t, b) })
	t.Run("fused", func(t *testing.T) {
		for _, p := range backendtest.Fused() {
			run(t, p.Name, func() backendtest.Report { return p.Check(b) })
		}
	})
	t.Run("properties", func(t *testing.T) {
		for _, p := range backendtest.Properties() {
			run(t, p.Name, func() backendtest.Report { return p.Check(b) })
		}
	})
	t.Run("misuse", func(t *testing.T) {
		for _, m := range backendtest.Misuses() {
			run(t, m.Name, func() backendtest.Report { return m.Check(b) })
		}
	})
	t.Run("contracts", func(t *testing.T) {
		for _, c := range backendtest.Contracts() {
			run(t, c.Name, func() backendtest.Report {
				return c.Check(func() glyph.Backend { return open(t) })
			})
		}
	})
	if exact, ok := b.(glyph.Float64); ok {
		t.Run("gradients", func(t *testing.T) {
			for _, g := range backendtest.GradientChecks(exact) {
				t.Logf("%-28s %.2g", g.Name, g.Error)
				if !g.OK() {
					t.Errorf("%s: relative error %.3g, want less than %g", g.Name, g.Error, backendtest.MaxGradientError)
				}
			}
		})
	}
	if err := b.Sync(); err != nil {
		t.Errorf("Sync: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// run makes a report a subtest.
func run(t *testing.T, name string, check func() backendtest.Report) (r backendtest.Report) {
	t.Run(name, func(t *testing.T) {
		r = check()
		for _, f := range r.Failures {
			t.Error(f)
		}
		if r.Where != "" {
			t.Logf("%.3f of the bound used, at %s", r.Share, r.Where)
		}
	})
	return r
}

// runCases runs the conformance suite, with the most that each operation used
// of its bounds at the end.
func runCases(t *testing.T, b glyph.Backend) {
	var ops []string
	most, where := map[string]float64{}, map[string]string{}
	for _, c := range backendtest.Cases() {
		if !c.Fits(testing.Short()) {
			continue
		}
		r := run(t, c.Op+"/"+c.Name, func() backendtest.Report { return backendtest.Check(b, c) })
		if _, seen := most[c.Op]; !seen {
			ops = append(ops, c.Op)
		}
		if r.Share >= most[c.Op] {
			most[c.Op], where[c.Op] = r.Share, fmt.Sprintf("%s of %s", r.Where, c.Name)
		}
	}
	for _, op := range ops {
		if most[op] > 0 {
			t.Logf("%-20s used at most %.3f of its bound, at %s", op, most[op], where[op])
		} else {
			t.Logf("%-20s exact", op)
		}
	}
}
