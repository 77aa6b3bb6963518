package ink_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"glyph/recognise/ink"
)

// A dark stroke on ruled paper becomes white ink on black that fills 28×28
// pixels.
func ExampleFrame_Read() {
	page := image.NewGray(image.Rect(0, 0, 300, 300))
	fill := func(r image.Rectangle, level uint8) {
		draw.Draw(page, r, image.NewUniform(color.Gray{Y: level}), image.Point{}, draw.Src)
	}
	fill(page.Rect, 250)
	for y := 20; y < 300; y += 40 {
		fill(image.Rect(0, y, 300, y+2), 200)
	}
	fill(image.Rect(140, 80, 160, 220), 20)
	var file bytes.Buffer
	if err := png.Encode(&file, page); err != nil {
		fmt.Println(err)
		return
	}

	frame := ink.Frame{H: 28, W: 28, MaxPixels: ink.DefaultMaxPixels}
	glyph, err := frame.Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		fmt.Println("the picture", err)
		return
	}
	fmt.Println(glyph)
	fmt.Println(glyph.Pixels[14*28+10:][:8]) // a part of the middle row
	// Output:
	// 300×300, dark ink on light, inverted, without 7 lines of the paper, cropped to the ink: 20×140 at (140, 80)
	// [0 0 255 255 255 255 0 0]
}
