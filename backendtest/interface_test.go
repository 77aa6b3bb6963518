package backendtest

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
)

// methods is the names of an interface's methods.
func methods[I any]() (names []string) {
	for m := range reflect.TypeFor[I]().Methods() {
		names = append(names, m.Name)
	}
	return names
}

// An operation that is added to the interface has a place in every list that
// needs it: what the compiler can't ask for, this test does.
func TestEveryOperationHasItsPlaces(t *testing.T) {
	places := map[string]map[string]bool{"Cases": {}, "the small cases that misuse is tried on": {}, "required operands": {}, "mutations": {}, "cases by shape, for Judge": {}, "cases with NaN and Inf": {}}
	negative := map[string]bool{} // has a case with -Inf
	for _, c := range Cases() {
		places["Cases"][c.Op] = true
		if c.elements() < 10_000 && hasSpecials(c) {
			places["cases with NaN and Inf"][c.Op] = true
			negative[c.Op] = negative[c.Op] || has(c, func(v float64) bool { return math.IsInf(v, -1) })
		}
	}
	for op := range places["cases with NaN and Inf"] {
		if !negative[op] {
			t.Errorf("no case of %s has -Inf", op)
		}
	}
	for _, c := range oneEach() {
		places["the small cases that misuse is tried on"][c.Op] = true
	}
	for op := range required {
		places["required operands"][op] = true
	}
	for _, m := range mutations() {
		places["mutations"][m.op] = true
	}
	for _, c := range casesByShape() {
		places["cases by shape, for Judge"][c.Op] = true
	}
	ops := methods[glyph.Operations]()
	for place, found := range places {
		for _, op := range ops {
			if !found[op] {
				t.Errorf("%s is not among %s", op, place)
			}
		}
		for op := range found {
			if op != "" && !slices.Contains(ops, op) {
				t.Errorf("%s is among %s and no method of glyph.Operations", op, place)
			}
		}
	}
}

// A property is told apart by its name.
func TestPropertiesHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range slices.Concat(Properties(), Fused()) {
		if seen[p.Name] {
			t.Errorf("two properties are called %q", p.Name)
		}
		seen[p.Name] = true
	}
}

// hasSpecials reports whether there are a NaN and an Inf.
func hasSpecials(c *Case) bool {
	return has(c, math.IsNaN) && has(c, func(v float64) bool { return math.IsInf(v, 1) })
}

// has reports whether an operand has such a value.
func has(c *Case, such func(float64) bool) bool {
	for _, values := range c.Values().Tensor {
		if slices.ContainsFunc(values, such) {
			return true
		}
	}
	return false
}

// A Spy hands over every operation but Copy as the case that it is, with the
// operands under the case's names: the results it gives are the right ones.
func TestSpyHandsOverEveryOperation(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // the processor does not fail
	seen := map[string]bool{}
	spy := NewSpy(b, func(c *Case, a Args) {
		seen[c.Op] = true
		c.Call(b, a)
	})
	for _, c := range oneEach() {
		for _, f := range Check(spy, c).Failures {
			t.Errorf("%s through a Spy: %s", c, f)
		}
	}
	for _, op := range methods[glyph.Operations]() {
		if op != "Copy" && !seen[op] {
			t.Errorf("a Spy does not hand over %s", op)
		}
	}
}

// A backward operation, and any other with a gradient among its results, is among
// the gradient checks.
func TestEveryGradientIsChecked(t *testing.T) {
	seen := map[string]bool{}
	o := cpu.NewOracle(1)
	defer o.Close() //nolint:errcheck // the processor does not fail
	GradientChecks(exactSpy{NewSpy(o, func(c *Case, a Args) {
		seen[c.Op] = true
		c.Call(o, a)
	}), o})
	for _, c := range oneEach() {
		if (hasGradient(c) || strings.HasSuffix(c.Op, "Backward")) && !seen[c.Op] {
			t.Errorf("GradientChecks leaves out %s", c.Op)
		}
	}
}

// hasGradient reports whether a result is the gradient of another operand: dx
// beside x.
func hasGradient(c *Case) bool {
	return slices.ContainsFunc(c.Tensors, func(result Operand) bool {
		return result.Result && slices.ContainsFunc(c.Tensors, func(o Operand) bool { return result.Name == "d"+o.Name })
	})
}

// exactSpy is a Spy of a backend in float64.
type exactSpy struct {
	*Spy
	exact glyph.Float64
}

func (s exactSpy) Write64(dst glyph.Tensor, src []float64)      { s.exact.Write64(dst, src) }
func (s exactSpy) Read64(dst []float64, src glyph.Tensor) error { return s.exact.Read64(dst, src) }

// Every method of Device is called in the contracts.
func TestEveryDeviceMethodHasContracts(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // as above
	called := calls(b)
	for _, name := range methods[glyph.Device]() {
		if called[name] == nil && name != "Name" && name != "Close" {
			t.Errorf("%s is not among the calls that contracts try", name)
		}
	}
}

// A backend that breaks a contract is caught.
func TestContractsAreChecked(t *testing.T) {
	for name, broken := range map[string]func() glyph.Backend{
		"closes twice with another error": func() glyph.Backend { return &twice{Backend: cpu.New[float32](1)} },
		"reads within Repeat":             func() glyph.Backend { return loose{cpu.New[float32](1)} },
		"takes transfers of any size":     func() glyph.Backend { return lenient{cpu.New[float32](1)} },
		"does not free":                   func() glyph.Backend { return hoarder{cpu.New[float32](1)} },
	} {
		failed := 0
		for _, c := range Contracts() {
			if len(c.Check(broken).Failures) > 0 {
				failed++
			}
		}
		if failed == 0 {
			t.Errorf("a backend that %s passes", name)
		}
	}
}

type twice struct {
	glyph.Backend
	closed int
}

func (b *twice) Close() error {
	err := b.Backend.Close()
	if b.closed++; b.closed > 1 {
		return errors.New("closed twice")
	}
	return err
}

type loose struct{ glyph.Backend }

func (b loose) Repeat(n int, step func()) {
	for range n {
		step()
	}
}

type lenient struct{ glyph.Backend }

func (b lenient) Write(dst glyph.Tensor, src []float32) {
	if len(src) == dst.Size() {
		b.Backend.Write(dst, src)
	}
}

type hoarder struct{ glyph.Backend }

func (hoarder) Free(...glyph.Memory) {}
