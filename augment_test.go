package glyph_test

import (
	"math"
	"strings"
	"testing"

	"glyph"
)

// ideal is where pixel (h, w) comes from by the formulas in float64, in pixels.
func ideal(d glyph.AugmentParams, height, width, h, w int) (y, x float64) {
	theta, k := math.Ldexp(float64(d.Rotation), -27), math.Ldexp(float64(d.Shear), -16)
	s := 1 + math.Ldexp(float64(d.Scale), -15)
	middleX, middleY := float64(width-1)/2, float64(height-1)/2
	u := float64(w) - middleX - math.Ldexp(float64(d.X), -8)
	v := float64(h) - middleY - math.Ldexp(float64(d.Y), -8)
	// R⁻¹ and then K⁻¹.
	u, v = (math.Cos(theta)*u+math.Sin(theta)*v)/s, (-math.Sin(theta)*u+math.Cos(theta)*v)/s
	return v + middleY, u - k*v + middleX
}

// TestAffineIsTheFormula holds the integers to the formulas, within what
// rounding allows. In units of 2⁻¹⁶:
//
//   - sin and cos of the half angle a, |a| <= π/2, with q = a² <= 2.468 in 2⁻²⁸:
//     half a unit for each of up to 7 coefficients and a unit for each of up to
//     6 products, times qⁱ, is at most (Σ₀⁶ qⁱ/2 + Σ₀⁵ qⁱ)·2⁻²⁸ = 343·2⁻²⁸;
//     what Taylor leaves out is below 6e-8 = 16·2⁻²⁸. So each is within 360·2⁻²⁸,
//     and sin 2a and cos 2a within 4·360·2⁻²⁸: 0.36 units.
//   - 1/s <= 2 is rounded down by at most 1 unit. The row (cos + k·sin, ...) is
//     at most 1 + k <= 2 and wrong by at most (1 + k)·0.36; its product by 1/s
//     is wrong by (1 + k)·0.36/s + (1 + k)·1 + 1.
//   - X0 rounds two products down: 2 units. XX·w + X0 is XX times the distance
//     from the shifted middle, so the errors of XX and XY count by that.
//
// Position adds half of 2⁻⁸ pixel.
func TestAffineIsTheFormula(t *testing.T) {
	const unit = 0x1p-16
	worst := 0.0
	for _, a := range []glyph.Augmentation{
		{}, {Shift: 3}, {Rotation: 180}, {Scale: 0.5}, {Shear: 45},
		{Shift: 2, Rotation: 10, Scale: 0.1, Shear: 10},
		{Shift: 1024, Rotation: 180, Scale: 0.5, Shear: 45},
	} {
		for _, side := range [][2]int{{28, 28}, {1, 1}, {7, 40}, {1024, 1024}} {
			height, width := side[0], side[1]
			for i := range 300 {
				d := a.Limits().Draw(5, int32(i/7), i)
				m := d.Affine(height, width)
				s, k := 1+math.Ldexp(float64(d.Scale), -15), math.Abs(math.Ldexp(float64(d.Shear), -16))
				coefficient := (1+k)*0.36/s + (1 + k) + 1
				for _, at := range [][2]int{{0, 0}, {0, width - 1}, {height - 1, 0}, {height / 2, width / 2}, {height - 1, width - 1}} {
					wantY, wantX := ideal(d, height, width, at[0], at[1])
					away := math.Abs(float64(at[1])-float64(width-1)/2-math.Ldexp(float64(d.X), -8)) +
						math.Abs(float64(at[0])-float64(height-1)/2-math.Ldexp(float64(d.Y), -8))
					bound := (coefficient*away + 2) * unit
					y, x := m.Position(at[0], at[1])
					for name, e := range map[string][2]float64{
						"x": {float64(int64(m.XX)*int64(at[1])+int64(m.XY)*int64(at[0])+int64(m.X0)) * unit, wantX},
						"y": {float64(int64(m.YX)*int64(at[1])+int64(m.YY)*int64(at[0])+int64(m.Y0)) * unit, wantY},
					} {
						worst = max(worst, math.Abs(e[0]-e[1])/bound)
						if !(math.Abs(e[0]-e[1]) <= bound) {
							t.Fatalf("%v of %v at %v: %s = %v, want %v ± %v", a, side, at, name, e[0], e[1], bound)
						}
					}
					if e := math.Abs(float64(x)/256 - wantX); !(e <= bound+1.0/512) {
						t.Fatalf("%v of %v at %v: x is %d/256, want %v", a, side, at, x, wantX)
					}
					if e := math.Abs(float64(y)/256 - wantY); !(e <= bound+1.0/512) {
						t.Fatalf("%v of %v at %v: y is %d/256, want %v", a, side, at, y, wantY)
					}
				}
			}
		}
	}
	t.Logf("%.3f of the bound used", worst)
}

// The greatest draws do not leave 32 bits, and no draw leaves its range.
func TestDrawsStayInRange(t *testing.T) {
	l := glyph.Augmentation{Shift: 2, Rotation: 15, Scale: 0.1, Shear: 20, Elastic: 1.5, Stroke: 0.7}.Limits()
	want := glyph.AugmentationLimits{Shift: 512, Rotation: 35138119, Scale: 3277, Shear: 23853, Elastic: 384, Stroke: 179}
	if l != want {
		t.Errorf("limits %+v, want %+v", l, want)
	}
	seen := map[glyph.AugmentParams]bool{}
	for step := range int32(50) {
		for i := range 20 {
			d := l.Draw(7<<32, step, i)
			for _, v := range [][2]int32{{d.Y, l.Shift}, {d.X, l.Shift}, {d.Rotation, l.Rotation}, {d.Scale, l.Scale}, {d.Shear, l.Shear}, {d.Stroke, l.Stroke}} {
				if v[0] < -v[1] || v[0] > v[1] {
					t.Fatalf("%+v is outside %+v", d, l)
				}
			}
			seen[d] = true
		}
	}
	if len(seen) != 1000 {
		t.Errorf("%d different draws of 1000", len(seen))
	}
	if l.Draw(7, 3, 4) == l.Draw(7<<32, 3, 4) || l.Draw(7, 3, 4) == l.Draw(8, 3, 4) {
		t.Error("two seeds draw the same")
	}
	if z := (glyph.Augmentation{}).Limits().Draw(1, 2, 3); z != (glyph.AugmentParams{}) {
		t.Errorf("no augmentation draws %+v", z)
	}
	if m := (glyph.AugmentParams{}).Affine(28, 28); m != (glyph.Affine{XX: 1 << 16, YY: 1 << 16}) {
		t.Errorf("no draw is the map %+v", m)
	}
}

func TestAugmentationValidate(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		a    glyph.Augmentation
		want string // the error, or the text of the augmentation
	}{
		{glyph.Augmentation{}, "none"},
		{glyph.Augmentation{Shift: 2.5, Rotation: 10, Scale: 0.1, Shear: 12}, "shift 2.5 px, rotation 10°, scale ±0.1, shear 12°"},
		{glyph.Augmentation{Shear: 12, Elastic: 1.5, Stroke: 0.5, Cutout: 8}, "shear 12°, elastic 1.5 px, stroke ±0.5, cutout 8 px"},
		{glyph.Augmentation{Stroke: 1.5}, "stroke must be from 0 to 1, not 1.5"},
		{glyph.Augmentation{Elastic: 65}, "elastic must be from 0 to 64 pixels, not 65"},
		{glyph.Augmentation{Elastic: nan}, "elastic must be from 0 to 64 pixels, not NaN"},
		{glyph.Augmentation{Shift: -1}, "shift must be from 0 to 1024 pixels, not -1"},
		{glyph.Augmentation{Rotation: 181}, "rotation must be from 0 to 180 degrees, not 181"},
		{glyph.Augmentation{Scale: 0.51}, "scale must be from 0 to 0.5, not 0.51"},
		{glyph.Augmentation{Shear: nan}, "shear must be from 0 to 45 degrees, not NaN"},
	} {
		got := c.a.String()
		if err := c.a.Validate(); err != nil {
			got = err.Error()
		}
		if got != c.want || strings.Contains(c.want, "must") == (c.a.Validate() == nil) {
			t.Errorf("%+v: %q, want %q", c.a, got, c.want)
		}
	}
}
