package kmnist

import "math"

// side is the height and width of a drawn image, in pixels.
const side = 28

// canvas is an image being drawn: the ink of each pixel, from 0 to 1.
type canvas [side * side]float64

// The same seed must give the same bytes on every processor. Go may fuse x*y + z
// into one operation with one rounding where a processor has it, unless the
// product is converted explicitly: so every product below that is added to
// something is wrapped in float64(). Square roots are exact by IEEE 754; math.Sin,
// math.Exp and math.Hypot differ between processors and are not used.

// brush describes the tool that a character is written with.
type brush struct {
	radius float64 // in pixels, at full pressure
	taper  float64 // fraction of the radius that is lost by the end of a stroke
	flat   float64 // fraction that is lost along the nib's flat direction
	nib    point   // unit vector across the flat direction
	dry    float64 // fraction of the ink that is lost by the end of a stroke
}

// draw moves the brush along a stroke, given in pixels: a smooth curve through its
// waypoints (Catmull & Rom 1974), with the pressure of each.
func (c *canvas) draw(s []place, b brush) {
	// Every chord is longer than 0, so that nothing is divided by 0.
	var lengths [maxPlaces]float64
	total := 0.0
	for i := 1; i < len(s); i++ {
		lengths[i] = distance(s[i-1].point, s[i].point) + 1e-3
		total += lengths[i]
	}
	done := 0.0
	from := s[0].point
	fromRadius := b.radius * s[0].press
	for i := 1; i < len(s); i++ {
		p1, p2 := s[i-1], s[i]
		p0, p3 := s[max(0, i-2)].point, s[min(len(s)-1, i+1)].point
		if p1.corner { // the curves on both sides are independent
			p0 = p1.point
		}
		if p2.corner {
			p3 = p2.point
		}
		steps := 1 + int(lengths[i]/1.3)
		for step := 1; step <= steps; step++ {
			t := float64(step) / float64(steps)
			to := spline(p0, p1.point, p2.point, p3, t)
			at := (done + float64(t*lengths[i])) / total
			late := float64(at * at)
			late = float64(late * late) // the brush is lifted in a stroke's last third
			press := p1.press + float64((p2.press-p1.press)*t)
			r := float64(b.radius*press) * (1 - float64(b.taper*late))
			r *= 1 - float64(b.flat*along(from, to, b.nib))
			c.line(from, to, fromRadius, r, 1-float64(b.dry*late))
			from, fromRadius = to, r
		}
		done += lengths[i]
	}
}

// line inks a straight piece of a stroke, round at both ends, whose radius goes
// from r0 to r1. Edges are antialiased: a pixel's ink is how far it lies inside.
// Where pieces overlap the darker one counts.
func (c *canvas) line(a, b point, r0, r1, ink float64) {
	const least = 0.55 // thinner lines would fall between pixels
	r0, r1 = max(r0, least), max(r1, least)
	reach := max(r0, r1) + 0.5
	dx, dy := b.x-a.x, b.y-a.y
	perLength2 := 1 / (float64(dx*dx) + float64(dy*dy) + 1e-9)
	left, right := pixels(min(a.x, b.x)-reach, max(a.x, b.x)+reach)
	top, bottom := pixels(min(a.y, b.y)-reach, max(a.y, b.y)+reach)
	for y := top; y < bottom; y++ {
		ey := float64(y) - a.y
		row := c[y*side:][:side]
		for x := left; x < right; x++ {
			ex := float64(x) - a.x
			t := min(max((float64(ex*dx)+float64(ey*dy))*perLength2, 0), 1)
			ox, oy := ex-float64(t*dx), ey-float64(t*dy)
			outer := r0 + 0.5 + float64(t*(r1-r0))
			d2 := float64(ox*ox) + float64(oy*oy)
			if d2 >= float64(outer*outer) {
				continue
			}
			v := ink
			if inner := outer - 1; inner <= 0 || d2 > float64(inner*inner) {
				v *= outer - math.Sqrt(d2)
			}
			row[x] = max(row[x], v)
		}
	}
}

// pixels returns the range of pixel centres that lie in [low, high].
func pixels(low, high float64) (first, end int) {
	low, high = min(max(low, -1), side), min(max(high, -1), side)
	return max(0, int(math.Ceil(low))), min(side, int(math.Floor(high))+1)
}

// spline evaluates the Catmull-Rom curve from b to c at t, with neighbours a and d.
func spline(a, b, c, d point, t float64) point {
	half := t / 2
	axis := func(a, b, c, d float64) float64 {
		cubic := float64(3*(b-c)) + (d - a)
		square := float64(2*a) - float64(5*b) + float64(4*c) - d + float64(t*cubic)
		return b + float64(half*(c-a+float64(t*square)))
	}
	return point{axis(a.x, b.x, c.x, d.x), axis(a.y, b.y, c.y, d.y)}
}

func distance(a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}

// along is the squared cosine of the angle between the line from a to b and a unit
// vector.
func along(a, b, direction point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	dot := float64(dx*direction.x) + float64(dy*direction.y)
	return float64(dot*dot) / (float64(dx*dx) + float64(dy*dy) + 1e-9)
}
