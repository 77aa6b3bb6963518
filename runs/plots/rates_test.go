package plots

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestRates(t *testing.T) {
	var points []Rate
	for i := range 100 {
		x := float64(i) / 99
		points = append(points, Rate{math.Pow(10, 4*x-4), 2 - x, 2 - x/2})
	}
	points = append(points, Rate{2, math.Inf(1), 1e9}, Rate{3, math.NaN(), math.NaN()})
	for _, format := range Formats() {
		var b bytes.Buffer
		if err := Rates(points, 0.0123).Write(&b, format); err != nil || b.Len() < 1000 {
			t.Errorf("%s: %d bytes, %v", format, b.Len(), err)
		}
		if format == "svg" && (!strings.Contains(b.String(), "suggested: 0.012") || strings.Contains(b.String(), "NaN")) {
			t.Errorf("%.500s", b.String())
		}
	}
}
