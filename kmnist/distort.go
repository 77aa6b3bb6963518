package kmnist

import (
	"math"
	"math/rand/v2"
)

// distortion moves the points of a character as hands, pages and scanners do:
// an affine map with slant, then a smooth wave for what is elastic.
type distortion struct {
	xx, xy, yx, yy float64 // affine, about the middle
	dx, dy         float64 // shift in pixels
	waves          [3]wave
}

// wave displaces across one direction as a sine along another.
type wave struct{ fx, fy, phase, ax, ay float64 }

func (d *distortion) apply(p point) point {
	x, y := p.x-0.5, p.y-0.5
	x, y = d.xx*x+d.xy*y, d.yx*x+d.yy*y
	px, py := x, y
	for _, w := range d.waves {
		s := math.Sin(w.fx*x + w.fy*y + w.phase)
		px += w.ax * s
		py += w.ay * s
	}
	const scale, middle = 23, (side - 1) / 2.0
	return point{middle + scale*px + d.dx, middle + scale*py + d.dy}
}

// drawDistortion draws a distortion at random.
func drawDistortion(r *rand.Rand) (d distortion) {
	angle := 0.16 * r.NormFloat64()
	slant := 0.22 * r.NormFloat64()
	width := 0.92 * math.Exp(0.14*r.NormFloat64())
	height := 0.96 * math.Exp(0.12*r.NormFloat64())
	sin, cos := math.Sin(angle), math.Cos(angle)
	d.xx, d.xy = cos*width, (cos*slant-sin)*height
	d.yx, d.yy = sin*width, (sin*slant+cos)*height
	d.dx, d.dy = 1.6*r.NormFloat64(), 1.5*r.NormFloat64()
	for i := range d.waves {
		d.waves[i] = wave{
			fx: 7 * r.NormFloat64(), fy: 7 * r.NormFloat64(), phase: 2 * math.Pi * r.Float64(),
			ax: 0.028 * r.NormFloat64(), ay: 0.028 * r.NormFloat64(),
		}
	}
	return d
}

// grain turns ink into the greys of a scan: paper that is not quite empty, ink
// that is not quite full, and noise on both.
func (c *canvas) grain(r *rand.Rand, out []uint8) {
	strength := 0.75 + 0.25*r.Float64()
	paper := 0.06 * r.Float64() * r.Float64()
	noise := 0.02 + 0.05*r.Float64()
	for i, ink := range c {
		v := paper + (strength-paper)*ink + noise*r.NormFloat64()*(0.25+ink)
		out[i] = uint8(math.Round(255 * min(max(v, 0), 1)))
	}
}
