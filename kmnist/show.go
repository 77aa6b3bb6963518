package kmnist

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
)

// ContactSheet draws a table of images with a row for each class and the first
// images of that class in its columns. Each pixel becomes zoom × zoom pixels; cells
// without an image are grey.
func ContactSheet(s Set, classes, columns, zoom int) image.Image {
	const gap = 2
	columns, zoom = max(columns, 0), max(zoom, 1)
	w, h := s.W*zoom+gap, s.H*zoom+gap
	var sheet draw.Image = image.NewGray(image.Rect(0, 0, columns*w+gap, max(classes, 0)*h+gap))
	if s.Channels() > 1 {
		sheet = image.NewRGBA(sheet.Bounds())
	}
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{Y: 96}), image.Point{}, draw.Src)
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
				sheet.Set(gap+column*w+x, gap+int(class)*h+y, s.colour(pixels, y/zoom*s.W+x/zoom))
			}
		}
	}
	return sheet
}

// colour returns pixel i of an image of the set.
func (s Set) colour(image []uint8, i int) color.Color {
	if s.Channels() == 1 {
		return color.Gray{Y: image[i]}
	}
	return color.RGBA{R: image[3*i], G: image[3*i+1], B: image[3*i+2], A: 255}
}

// Text draws image i for a terminal, in five shades. Each character stands for two
// pixels, one above the other.
func Text(s Set, i int) string {
	const shades = " ░▒▓█"
	levels := []rune(shades)
	image := s.Image(i)
	pixels := make([]uint8, s.H*s.W)
	for k := range pixels {
		pixels[k] = color.GrayModel.Convert(s.colour(image, k)).(color.Gray).Y
	}
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
