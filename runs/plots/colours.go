package plots

import "image/color"

// cividis is the map of Nuñez, Anderton & Renslow (2018) in steps of an eighth,
// as matplotlib has it.
var cividis = []color.RGBA{
	{0, 34, 78, 255}, {26, 56, 111, 255}, {67, 78, 108, 255}, {97, 101, 111, 255}, {125, 124, 120, 255},
	{155, 148, 118, 255}, {188, 174, 108, 255}, {222, 201, 88, 255}, {254, 232, 56, 255},
}

// diverging is from blue through white to orange: -1, 0 and 1. Both ends are of
// Okabe & Ito, and both halves fall in lightness.
var diverging = []color.RGBA{{0, 60, 110, 255}, {0, 114, 178, 255}, {255, 255, 255, 255}, {230, 159, 0, 255}, {140, 70, 0, 255}}

// at is the colour of v in 0 to 1, linear between the steps of a map.
func at(m []color.RGBA, v float64) color.RGBA {
	v = min(max(v, 0), 1) * float64(len(m)-1)
	i := min(int(v), len(m)-2)
	f := v - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-f) + float64(b)*f + 0.5) }
	a, b := m[i], m[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// over is black or white, whichever can be read on a colour (WCAG 2's relative
// luminance, whose contrasts with both are equal at 0.179).
func over(c color.RGBA) color.Color {
	if luminance(c) > 0.179 {
		return color.Black
	}
	return color.White
}
