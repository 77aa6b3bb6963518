package kmnist

import (
	"image"
	"image/color"
	"strings"
)

// ContactSheet draws a table of images, a row a class and a column a sample:
// the first of each class, in order. Every pixel becomes zoom × zoom.
func ContactSheet(s Set, columns, zoom int) *image.Gray {
	gap := 2
	w, h := s.W*zoom+gap, s.H*zoom+gap
	sheet := image.NewGray(image.Rect(0, 0, columns*w+gap, len(Classes)*h+gap))
	for i := range sheet.Pix {
		sheet.Pix[i] = 96
	}
	filled := make([]int, len(Classes))
	for i, class := range s.Labels {
		column := filled[class]
		if column == columns {
			continue
		}
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

// Text draws an image for a terminal, two pixels a character.
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
