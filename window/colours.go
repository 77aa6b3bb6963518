package window

import "math"

// colour is red, green and blue, from 0 to 1, in sRGB.
type colour [3]float32

// The colours of the window. Text has a contrast of more than 7 with the panels, and dim
// text of more than 4.5.
var (
	ground = rgb(0x0d1117)
	panel  = rgb(0x151b23)
	groove = rgb(0x222b36)
	text   = rgb(0xe6edf3)
	dim    = rgb(0x93a1b0)
	blue   = rgb(0x58a6ff)
	orange = rgb(0xffa657)
	pink   = rgb(0xff33cc)
)

func rgb(hex int) colour {
	return colour{float32(hex>>16) / 255, float32(hex>>8&255) / 255, float32(hex&255) / 255}
}

// signed is the colour of v, from -1 to 1: blue below 0, orange above, dark at 0. It is
// made in OKLab (Ottosson 2020), where equal distances look equal: lightness grows evenly
// with |v|, and to either side alike, so that the map can be read without seeing hue.
func signed(v float64) colour {
	m := math.Abs(v)
	hue := 250.0
	if v > 0 {
		hue = 62
	}
	chroma := 0.145 * math.Sin(math.Pi*0.62*m)
	s, c := math.Sincos(hue * math.Pi / 180)
	return oklab(0.21+0.64*m, chroma*c, chroma*s)
}

// oklab converts from OKLab to sRGB, clipped.
func oklab(l, a, b float64) colour {
	cube := func(v float64) float64 { return v * v * v }
	x, y, z := cube(l+0.3963377774*a+0.2158037573*b), cube(l-0.1055613458*a-0.0638541728*b), cube(l-0.0894841775*a-1.2914855480*b)
	linear := [3]float64{
		4.0767416621*x - 3.3077115913*y + 0.2309699292*z,
		-1.2684380046*x + 2.6097574011*y - 0.3413193965*z,
		-0.0041960863*x - 0.7034186147*y + 1.7076147010*z,
	}
	var c colour
	for i, v := range linear {
		v = min(max(v, 0), 1)
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		c[i] = float32(v)
	}
	return c
}

// mapWidth is the width of a colour map: 256 colours, and that of NaN and infinity.
const mapWidth = 257

// colourMaps are the pixels of a texture with a row for signed values, from -1 to 1, and
// one for pictures, from dark to white.
func colourMaps() (pixels []byte) {
	for _, row := range []func(t float64) colour{
		func(t float64) colour { return signed(2*t - 1) },
		func(t float64) (c colour) {
			for i, v := range panel {
				c[i] = v + float32(t)*(1-v)
			}
			return c
		},
	} {
		for i := range mapWidth {
			c := pink
			if i < mapWidth-1 {
				c = row(float64(i) / (mapWidth - 2))
			}
			for _, v := range c {
				pixels = append(pixels, byte(math.Round(float64(v)*255)))
			}
			pixels = append(pixels, 255)
		}
	}
	return pixels
}
