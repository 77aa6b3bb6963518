package kmnist

import (
	"image"
	"image/color"
	"strings"
)

// ContactSheet draws a table of images with a row for each class and the first
// images of that class in its columns. Each pixel becomes zoom × zoom pixels; cells
// without an image are grey.
func ContactSheet(s Set, classes, columns, zoom int) *image.Gray {
	const gap = 2
	columns, zoom = max(columns, 0), max(zoom, 1)
	w, h := s.W*zoom+gap, s.H*zoom+gap
	sheet := image.NewGray(image.Rect(0, 0, columns*w+gap, max(classes, 0)*h+gap))
	for i := range sheet.Pix {
		sheet.Pix[i] = 96
	}
	filled := make([]int, max(classes, 0))
	for i, class := range s.Labels {
		if int(class) >= len(filled) || filled[class] == columns {
			continue
		}
		column := filled[class]
		filled[class]++
		pixels := s.Image(i)
		for y := range s.H * zoom {
			for x := range s.W * zoom {
				sheet.SetGray(gap+column*w+x, gap+int(class)*h+y, color.Gray{Y: pixels[y/zoom*s.W+x/zoom]})
			}
		}
	}
	return sheet
}

// Text draws image i for a terminal, in five shades. Each character stands for two
// pixels, one above the other.
func Text(s Set, i int) string {
	const shades = " ░▒▓█"
	levels := []rune(shades)
	pixels := s.Image(i)
	var b strings.Builder
	for y := 0; y < s.H; y += 2 {
		for x := range s.W {
			v := int(pixels[y*s.W+x])
			if y+1 < s.H {
				v = (v + int(pixels[(y+1)*s.W+x])) / 2
			}
			b.WriteRune(levels[v*len(levels)/256])
		}
		b.WriteByte('\n')
	}
	return b.String()
}
