package kmnist

import "math"

// side is the height and width of a drawn image.
const side = 28

// canvas is an image being drawn: ink from 0 to 1 a pixel.
type canvas [side * side]float64

// dab leaves the round print of a brush of radius r at (x, y) in pixels. A
// pixel's ink is how far it lies inside, so that edges are smooth; prints of one
// stroke do not add up.
func (c *canvas) dab(x, y, r, ink float64) {
	reach := r + 0.5
	for py := max(0, int(math.Floor(y-reach))); py <= min(side-1, int(math.Ceil(y+reach))); py++ {
		for px := max(0, int(math.Floor(x-reach))); px <= min(side-1, int(math.Ceil(x+reach))); px++ {
			dx, dy := float64(px)-x, float64(py)-y
			d2 := dx*dx + dy*dy
			if d2 >= reach*reach {
				continue
			}
			v := ink
			if inner := r - 0.5; inner <= 0 || d2 > inner*inner {
				v *= min(1, reach-math.Sqrt(d2))
			}
			if at := py*side + px; v > c[at] {
				c[at] = v
			}
		}
	}
}

// hand is how a stroke is held: the brush's radius in pixels, how much it thins
// towards the end, and how dry it runs.
type hand struct{ radius, taper, dry float64 }

// draw moves the brush along the smooth curve through the points, given in
// pixels (centripetal in spirit, uniform in computation: Catmull & Rom 1974).
func (c *canvas) draw(points []point, h hand) {
	total := 0.0
	for i := 1; i < len(points); i++ {
		total += math.Hypot(points[i].x-points[i-1].x, points[i].y-points[i-1].y)
	}
	done := 0.0
	for i := 1; i < len(points); i++ {
		p0, p1, p2, p3 := points[max(0, i-2)], points[i-1], points[i], points[min(len(points)-1, i+1)]
		length := math.Hypot(p2.x-p1.x, p2.y-p1.y)
		steps := max(1, int(length/0.45))
		for s := range steps {
			t := float64(s) / float64(steps)
			at := (done + t*length) / total
			// Pressed at the start, lifted at the end.
			r := h.radius * (0.75 + 0.25*math.Sin(math.Pi*min(1, at*1.6+0.25)) - h.taper*at*at)
			c.dab(spline(p0.x, p1.x, p2.x, p3.x, t), spline(p0.y, p1.y, p2.y, p3.y, t), max(0.35, r), 1-h.dry*at)
		}
		done += length
	}
}

// spline is the Catmull-Rom curve from b to c at t, with neighbours a and d.
func spline(a, b, c, d, t float64) float64 {
	return b + t/2*(c-a+t*(2*a-5*b+4*c-d+t*(3*(b-c)+d-a)))
}
