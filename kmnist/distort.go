package kmnist

// distortion moves the points of a character: a linear map of slant, rotation and
// width, then an elastic part made of smooth waves.
type distortion struct {
	xx, xy, yx, yy float64
	waves          [3]wave
}

// wave displaces a point along (ax, ay) by a sine of its position along (fx, fy).
type wave struct{ fx, fy, phase, ax, ay float64 }

// apply moves a point of the unit square.
func (d *distortion) apply(p point) point {
	x, y := p.x-0.5, p.y-0.5
	x, y = float64(d.xx*x)+float64(d.xy*y), float64(d.yx*x)+float64(d.yy*y)
	px, py := x, y
	for _, w := range d.waves {
		s := sine(float64(w.fx*x) + float64(w.fy*y) + w.phase)
		px += float64(w.ax * s)
		py += float64(w.ay * s)
	}
	return point{px, py}
}

// drawDistortion samples a distortion. The rotation matrix is of first order, which
// needs no sine.
func drawDistortion(r *random) (d distortion) {
	turn := float64(0.15 * r.bell())
	slant := float64(0.23 * r.bell())
	width := 1 + float64(0.16*r.bell())
	d.xx, d.xy = width, slant-turn
	d.yx, d.yy = float64(turn*width), 1
	for i := range d.waves {
		d.waves[i] = wave{
			fx: 1.2 * r.bell(), fy: 1.2 * r.bell(), phase: r.uniform(),
			ax: 0.039 * r.bell(), ay: 0.039 * r.bell(),
		}
	}
	return d
}

// frame places a character in the image. KMNIST's characters were cropped to their
// outline and scaled by its longer side.
type frame struct{ scale, dx, dy float64 }

// fit returns a frame in which the longer side of the strokes nearly fills the
// image and their centre is near its centre.
func fit(s [][]place, margin float64, r *random) frame {
	low, high := s[0][0].point, s[0][0].point
	for _, stroke := range s {
		for _, p := range stroke {
			low = point{min(low.x, p.x), min(low.y, p.y)}
			high = point{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	longer := max(high.x-low.x, high.y-low.y, 0.3)
	room := side - 1 - float64(2*margin) - float64(5*float64(r.uniform()*r.uniform()))
	f := frame{scale: room / longer}
	const middle = (side - 1) / 2.0
	f.dx = middle - float64(f.scale*((low.x+high.x)/2)) + r.bell()
	f.dy = middle - float64(f.scale*((low.y+high.y)/2)) + r.bell()
	return f
}

func (f frame) apply(p point) point {
	return point{f.dx + float64(f.scale*p.x), f.dy + float64(f.scale*p.y)}
}

// neighbour draws the end of a stroke of the next character in the column, at the
// upper or lower edge.
func (c *canvas) neighbour(b brush, r *random) {
	y, inward := -1.0, 1.0
	if r.Uint64()>>63 == 1 {
		y, inward = side, -1.0
	}
	x := float64(side * r.uniform())
	c.draw([]place{
		{point: point{x, y}, press: 1},
		{point: point{x + float64(4*r.bell()), y + float64(inward*(1+float64(3*r.uniform())))}, press: 0.8},
		{point: point{x + float64(8*r.bell()), y - float64(inward*2)}, press: 1},
	}, b)
}

// scan turns ink into the greys of a sharpened scan, as in KMNIST: black paper,
// nearly white ink, and mottled dry ink.
func (c *canvas) scan(mottle float64, r *random, out []uint8) {
	var bits uint64
	for i, ink := range c {
		if i%8 == 0 {
			bits = r.Uint64()
		}
		grain := float64(bits&0xff) / 255
		bits >>= 8
		v := float64(1.15*ink) - float64(float64(mottle*grain)*(1.2-ink))
		out[i] = uint8(float64(255*min(max(v, 0), 1)) + 0.5)
	}
}
