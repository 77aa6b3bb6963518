//go:build cgo

package gpu

import (
	"fmt"
	"strings"
	"testing"

	"glyph/backendtest"
	"glyph/shaders"
)

// roughCases are cases of what divides, and of exp, log and square roots, few
// enough that each is a program or two.
func roughCases() (cases []*backendtest.Case) {
	for _, c := range backendtest.Cases() {
		if !c.Fits(true) {
			continue
		}
		switch {
		case c.Op == "Optimize" && strings.Contains(c.Name, " of 1031"),
			c.Op == "Advance" && strings.HasPrefix(c.Name, "257 "),
			c.Op == "Dense" && (strings.HasPrefix(c.Name, "17x33-31 sigmoid") || strings.HasPrefix(c.Name, "17x33-31 tanh")) && !strings.Contains(c.Name, "no bias"),
			strings.HasPrefix(c.Op, "BatchNorm2D") && strings.HasPrefix(c.Name, "5x9x8x6 none"),
			strings.HasPrefix(c.Op, "GlobalPool2D") && strings.HasPrefix(c.Name, "average of 5x4x4x33"),
			strings.HasPrefix(c.Op, "AvgPool2D") && strings.HasPrefix(c.Name, "2x9x9x4 "),
			c.Op == "MovingAverage" && strings.HasPrefix(c.Name, "33, step 8"),
			c.Op == "SoftmaxCrossEntropy" && strings.Contains(c.Name, "x10 ") && strings.HasSuffix(c.Name, "loss hits dlogits"):
			cases = append(cases, c)
		}
	}
	return cases
}

// roughly checks the cases on arithmetic that is off by times what GLSL allows in one
// direction, and returns the failures by operation.
func roughly(t *testing.T, direction, times int) map[string][]string {
	t.Helper()
	b := open(t)
	b.defines = []shaders.Define{{Name: "PERTURB", Value: direction}, {Name: "PERTURB_TIMES", Value: times}}
	failures := map[string][]string{}
	for _, c := range roughCases() {
		for _, f := range backendtest.CheckAligned(b, c).Failures {
			failures[c.Op] = append(failures[c.Op], fmt.Sprintf("%v: %s", c, f))
		}
	}
	return failures
}

// No driver that keeps to GLSL's precision is outside a bound: with every division,
// square root, exp and log as far off as the specification allows, whichever way, all
// operations are within theirs. Far more than is allowed is noticed in each.
func TestBoundsHoldForTheRoughestArithmetic(t *testing.T) {
	t.Parallel() // with the conformance suite: drivers compile on one core
	for direction := 1; direction <= 3; direction++ {
		if testing.Short() && direction < 3 {
			continue
		}
		for op, list := range roughly(t, direction, 1) {
			t.Errorf("%s, direction %d: %d failures: %s", op, direction, len(list), list[0])
		}
	}
	noticed := roughly(t, 3, 64)
	for _, c := range roughCases() {
		if noticed[c.Op] == nil {
			t.Errorf("%s is not perturbed", c.Op)
		}
	}
}

// Mesa's reference renderer has an instruction for b + β·(a-b), as Intel's Gen 9 has,
// and takes it for β·a + (1-β)·b where it may. Which renderer there is is decided once
// in a process, so this is another.
func TestMomentsAreNotInterpolated(t *testing.T) {
	b := open(t)
	if !strings.Contains(b.Device().Version, "Mesa") {
		cannot(t, "this is not Mesa, which has an interpolating driver")
	}
	out, err := inAnotherProcess(t, "^TestDevices$|^TestConformance$/^cases$/^Optimize$/^ad",
		"GALLIUM_DRIVER=softpipe", "MESA_GL_VERSION_OVERRIDE=4.3", "MESA_GLSL_VERSION_OVERRIDE=430")
	if !strings.Contains(out, "softpipe (OpenGL") {
		cannot(t, "this Mesa has no softpipe")
	}
	if err != nil || strings.Contains(out, "no tests to run") {
		t.Errorf("%v\n%s", err, out)
	}
}
