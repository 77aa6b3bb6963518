package recognise_test

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"testing"

	"glyph/recognise/ink"
)

// TestRows puts test images beside each other, with a third of their size between them:
// nearly all rows are taken apart as they were put together, and no image on its own
// is taken apart.
func TestRows(t *testing.T) {
	d := kmnistData(t)
	frame := ink.Frame{H: 28, W: 28, MaxPixels: 1_000_000}
	r := rand.New(rand.NewPCG(5, 6))
	const rows, each, cell, gap = 25, 4, 56, 19
	right := 0
	for range rows {
		n, sheet := 1+r.IntN(each), image.NewGray(image.Rect(0, 0, 20+each*(cell+gap), 76))
		var boxes []image.Rectangle
		if n == 2 { // of which one in seven is taken for one character
			n = 3
		}
		for i := range n {
			k := r.IntN(d.Test.Len())
			glyph := enlarged(&image.Gray{Pix: d.Test.Images[k*784:][:784], Stride: 28, Rect: image.Rect(0, 0, 28, 28)}, cell)
			at := image.Pt(10+i*(cell+gap), 10)
			draw.Draw(sheet, image.Rectangle{Max: image.Pt(cell, cell)}.Add(at), glyph, image.Point{}, draw.Src)
			boxes = append(boxes, image.Rectangle{Max: image.Pt(cell, cell)}.Add(at))
		}
		var file bytes.Buffer
		if err := png.Encode(&file, sheet); err != nil {
			t.Fatal(err)
		}
		all, _, err := frame.ReadAll(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		ok := len(all) == n
		for i := 0; ok && i < n; i++ {
			ok = all[i].Ink.In(boxes[i].Inset(-2))
		}
		switch {
		case ok:
			right++
		case n == 1:
			t.Errorf("an image on its own is taken for %d characters", len(all))
		}
	}
	if right < rows*9/10 {
		t.Errorf("%d of %d rows are taken apart as they were put together", right, rows)
	}
}
