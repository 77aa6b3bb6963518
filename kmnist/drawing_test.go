package kmnist

import (
	"image/color"
	"math"
	"testing"
)

func TestWritings(t *testing.T) {
	for class, ways := range writings() {
		for way, w := range ways {
			same := 0
			for _, other := range scripts[class] {
				if other == scripts[class][way] {
					same++
				}
			}
			if same != 1 || len(w) == 0 {
				t.Errorf("%s: way %d is there %d times, with %d strokes", Characters()[class].Name, way, same, len(w))
			}
			low, high := point{1, 1}, point{}
			for _, stroke := range w {
				for _, p := range stroke {
					low = point{min(low.x, p.x), min(low.y, p.y)}
					high = point{max(high.x, p.x), max(high.y, p.y)}
				}
			}
			if w, h := high.x-low.x, high.y-low.y; max(w, h) < 0.7 || min(w, h) < 0.35 {
				t.Errorf("%s: way %d is only %.2f×%.2f large", Characters()[class].Name, way, w, h)
			}
		}
	}
	for which := range shares {
		sum := uint64(0)
		for _, s := range shares[which] {
			sum += s
		}
		if sum != 100 {
			t.Errorf("shares of %v %%", sum)
		}
	}
}

func TestParse(t *testing.T) {
	w, err := parse("10,20 ~30,40! / 0,0 100,100 50,50")
	if err != nil || len(w) != 2 || len(w[1]) != 3 || w[0][0] != (place{point{0.1, 0.2}, 1, false}) || w[0][1] != (place{point{0.3, 0.4}, lifted, true}) {
		t.Errorf("%+v, %v", w, err)
	}
	for _, bad := range []string{"", "10,20", "10,20 30", "10,20 a,b", "10,20 101,3", "10,20 -1,3", "1,2 3,4 /", "1,2 3,4/1,2 3,4/1,2 3,4/1,2 3,4/1,2 3,4/1,2 3,4/1,2 3,4/1,2 3,4/1,2 3,4"} {
		if w, err := parse(bad); err == nil {
			t.Errorf("%q is %v", bad, w)
		}
	}
}

// A straight stroke of radius r covers a band of 2r pixels, wherever it lies.
func TestLineCoversItsArea(t *testing.T) {
	for _, c := range []struct{ y, r float64 }{{14, 1.5}, {14.37, 1.5}, {13.5, 0.8}, {10.2, 2.5}} {
		var ink canvas
		ink.line(point{-5, c.y}, point{33, c.y}, c.r, c.r, 1)
		sum := 0.0
		for y := range side {
			sum += ink[y*side+14]
		}
		if math.Abs(sum-2*c.r) > 1e-9 {
			t.Errorf("at %v a band of %v is %v", c.y, 2*c.r, sum)
		}
	}
	var wedge canvas // from radius 1 to 3
	wedge.line(point{4, 14}, point{24, 14}, 1, 3, 0.5)
	if a, b := column(&wedge, 6), column(&wedge, 22); !(b > 2*a) || wedge[14*side+14] != 0.5 {
		t.Errorf("a widening stroke covers %v, then %v", a, b)
	}
}

func column(c *canvas, x int) (sum float64) {
	for y := range side {
		sum += c[y*side+x]
	}
	return sum
}

// Nothing drawn outside or without length goes wrong.
func TestDrawTakesAnything(t *testing.T) {
	for _, s := range [][]place{
		{{point: point{5, 5}, press: 1}, {point: point{5, 5}, press: 1}},
		{{point: point{-1e9, 3}, press: 1}, {point: point{-1e9, 4}, press: 0}},
		{{point: point{27, 27}, press: 1}, {point: point{40, 60}, press: -1, corner: true}, {point: point{0, 0}}},
	} {
		var c canvas
		c.draw(s, brush{radius: 2, taper: 1, flat: 1, dry: 1, nib: point{1, 0}})
		for i, v := range c {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("%+v: pixel %d is %v", s, i, v)
			}
		}
	}
}

func TestBrush(t *testing.T) {
	across := []place{{point: point{2, 14}, press: 1}, {point: point{25, 14}, press: 1}}
	draw := func(b brush, s []place) *canvas {
		c := &canvas{}
		c.draw(s, b)
		return c
	}
	plain := draw(brush{radius: 2}, across)
	if got := column(plain, 8); math.Abs(got-4) > 0.01 {
		t.Errorf("a plain stroke is %v wide, want 4", got)
	}
	if c := draw(brush{radius: 2, taper: 1}, across); !(column(c, 24) < 0.6*column(c, 8)) {
		t.Errorf("a tapering stroke ends %v wide", column(c, 24))
	}
	if c := draw(brush{radius: 2, flat: 0.5, nib: point{1, 0}}, across); math.Abs(column(c, 14)-2) > 0.01 {
		t.Errorf("along the flat direction it is %v wide, want 2", column(c, 14))
	}
	if c := draw(brush{radius: 2, flat: 0.5, nib: point{0, 1}}, across); math.Abs(column(c, 14)-4) > 0.01 {
		t.Errorf("across the flat direction it is %v wide, want 4", column(c, 14))
	}
	light := []place{across[0], {point: point{25, 14}, press: 0.4}}
	if c := draw(brush{radius: 2}, light); !(column(c, 23) < 2.2 && column(c, 4) > 3.5) {
		t.Errorf("pressed less, it goes from %v to %v", column(c, 4), column(c, 23))
	}
}

func TestRandom(t *testing.T) {
	var r random
	r.Seed(1, 2)
	const n = 200_000
	var sum, squares, uniform float64
	for range n {
		b, u := r.bell(), r.uniform()
		if b < -3.47 || b > 3.47 || u < 0 || u >= 1 {
			t.Fatal(b, u)
		}
		sum += b
		squares += b * b
		uniform += u
	}
	// Five standard errors: 1/√n for the mean, about as much for the square.
	if bound := 5 / math.Sqrt(n); math.Abs(sum/n) > bound || math.Abs(squares/n-1) > bound || math.Abs(uniform/n-0.5) > bound {
		t.Errorf("mean %v, variance %v, uniform mean %v", sum/n, squares/n, uniform/n)
	}
	for x := -2.0; x < 2; x += 1.0 / 64 {
		if got, want := sine(x), math.Sin(2*math.Pi*x); math.Abs(got-want) > 0.06 {
			t.Errorf("sine(%v) = %v, want about %v", x, got, want)
		}
	}
}

func TestContactSheet(t *testing.T) {
	s := Set{H: 1, W: 1, Labels: []uint8{1, 0, 1, 1, 77}, Images: []uint8{10, 20, 30, 40, 50}}
	sheet := ContactSheet(s, 10, 2, 3)
	at := func(column, row int) color.Color { return sheet.At(2+column*5+1, 2+row*5+1) }
	for _, c := range []struct {
		column, row int
		want        uint8
	}{{0, 0, 20}, {1, 0, 96}, {0, 1, 10}, {1, 1, 30}} {
		if got := at(c.column, c.row); got != (color.Gray{Y: c.want}) {
			t.Errorf("column %d, row %d is %v, want %d", c.column, c.row, got, c.want)
		}
	}
	if size := sheet.Bounds().Size(); size.X != 2*5+2 || size.Y != 10*5+2 {
		t.Errorf("%v large", size)
	}
	if ContactSheet(s, 10, -1, 0).Bounds().Empty() {
		t.Error("nothing to draw on")
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		h      int
		pixels []uint8
		want   string
	}{
		{2, []uint8{0, 128, 255, 0, 128, 255}, " ▒█\n"},
		{1, []uint8{0, 60, 255}, " ░█\n"},
		{3, []uint8{0, 0, 255, 255, 255, 255, 0, 128, 255}, "▒▒█\n ▒█\n"},
	} {
		if text := Text(Set{H: c.h, W: 3, Images: c.pixels, Labels: []uint8{0}}, 0); text != c.want {
			t.Errorf("%v: %q, want %q", c.pixels, text, c.want)
		}
	}
}
