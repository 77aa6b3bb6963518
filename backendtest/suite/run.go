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

// Kind is one of several backends that are tested together, under its name.
type Kind struct {
	Name string
	Open func(t testing.TB) glyph.Backend
}

// Run holds a backend to the whole specification. open makes a new backend, of
// which Run needs several; it closes them. Under -short the larger cases are left out.
func Run(t *testing.T, open func(t testing.TB) glyph.Backend) { RunEach(t, Kind{"backend", open}) }

// RunEach is Run for several backends, in much less time: what a case is held to is
// computed once for all of them.
func RunEach(t *testing.T, kinds ...Kind) {
	backends := make([]glyph.Backend, len(kinds))
	for i, k := range kinds {
		backends[i] = k.Open(t)
	}
	t.Run("cases", func(t *testing.T) { runCases(t, kinds, backends) })
	for i, k := range kinds {
		t.Run(k.Name, func(t *testing.T) { runOthers(t, backends[i], k.Open) })
	}
}

// runOthers runs what needs one backend, and closes it.
func runOthers(t *testing.T, b glyph.Backend, open func(t testing.TB) glyph.Backend) {
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
func run(t *testing.T, name string, check func() backendtest.Report) {
	t.Run(name, func(t *testing.T) {
		r := check()
		for _, f := range r.Failures {
			t.Error(f)
		}
		if r.Where != "" {
			t.Logf("%.3f of the bound used, at %s", r.Share, r.Where)
		}
	})
}

// most is how much of its bounds an operation used at most, and where.
type most struct {
	share float64
	where string
}

// runCases runs the conformance suite, with the most that each operation used
// of its bounds at the end.
func runCases(t *testing.T, kinds []Kind, backends []glyph.Backend) {
	var ops []string
	used := map[string][]most{} // by each backend
	for _, c := range backendtest.Cases() {
		if !c.Fits(testing.Short()) {
			continue
		}
		if used[c.Op] == nil {
			ops, used[c.Op] = append(ops, c.Op), make([]most, len(kinds))
		}
		t.Run(c.Op+"/"+c.Name, func(t *testing.T) {
			for i, r := range backendtest.CheckEach(backends, c) {
				for _, f := range r.Failures {
					t.Errorf("%s: %s", kinds[i].Name, f)
				}
				if r.Where != "" {
					t.Logf("%s: %.3f of the bound used, at %s", kinds[i].Name, r.Share, r.Where)
				}
				if m := &used[c.Op][i]; r.Share >= m.share {
					*m = most{r.Share, fmt.Sprintf("%s of %s", r.Where, c.Name)}
				}
			}
		})
	}
	for _, op := range ops {
		for i, m := range used[op] {
			if m.share > 0 {
				t.Logf("%-20s %s used at most %.3f of its bound, at %s", op, kinds[i].Name, m.share, m.where)
			} else {
				t.Logf("%-20s %s: exact", op, kinds[i].Name)
			}
		}
	}
}
