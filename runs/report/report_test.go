package report

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestClasses(t *testing.T) {
	name := func(c int) (string, string) { return string(rune('a' + c)), string(rune('A' + c)) }
	list := Classes([][]int{{8, 2, 0}, {1, 3, 0}, {0, 0, 0}}, name)
	for i, want := range []Class{
		{Symbol: "a", Name: "A", Images: 10, Precision: 8.0 / 9, Recall: 0.8, FOne: 16.0 / 19},
		{Symbol: "b", Name: "B", Images: 4, Precision: 0.6, Recall: 0.75, FOne: 6.0 / 9}, {Symbol: "c", Name: "C"},
	} {
		got := list[i]
		if got.Images != want.Images || got.Symbol != want.Symbol || got.Name != want.Name || math.Abs(got.Precision-want.Precision) > 1e-15 ||
			math.Abs(got.Recall-want.Recall) > 1e-15 || math.Abs(got.FOne-want.FOne) > 1e-15 {
			t.Errorf("%+v, want %+v", got, want)
		}
		if in := got.RecallIn; got.Images > 0 && !(in[0] < got.Recall && got.Recall < in[1]) {
			t.Errorf("a recall of %v from %v to %v", got.Recall, in[0], in[1])
		}
		if p, r := want.Precision, want.Recall; p+r > 0 && math.Abs(2*p*r/(p+r)-got.FOne) > 1e-15 {
			t.Errorf("F1 %v is not the harmonic mean of %v and %v", got.FOne, p, r)
		}
	}
}

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	zero := 0.0
	err := Write(&b, Report{
		Title: "a <run>", Facts: []Fact{{"accuracy", "90 %"}}, Settings: []Fact{{"lr", "0.1"}},
		Figures: []Figure{{Name: "curves", Caption: "Curves", SVG: "<svg><path/></svg>"}, {Name: "m", Caption: "Mistakes", SVG: "<svg></svg>", Spots: []Spot{{1, 2, 3, 4, "epoch <1>"}}}}, Command: "glyph train --data 'a <b>'",
		Classes: []Class{{Symbol: "お", Name: "o", Images: 10, Precision: 0.5, Recall: 0.25, FOne: 1.0 / 3, RecallIn: [2]float64{0.1, 0.4}}}, Network: "conv2d", Epochs: []Epoch{{Epoch: 1, Images: 100, TrainLoss: 0.25, ValidationLoss: &zero, ValidationAccuracy: &zero, ImagesPerSecond: 1234.5}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"a &lt;run&gt;", "90 %", "<figure><svg><path/></svg></figure>", `<path d="M2.50 2.00v4.00"/><title>epoch &lt;1&gt;</title></g></g></svg><figcaption`, "glyph train --data &#39;a &lt;b&gt;&#39;</pre>", "0.2500</td>", "0.0000</td>", "お", "33.3", "10.0–40.0", "conv2d", "1234"} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("no %q in the page", part)
		}
	}
	for _, part := range []string{"http://", "https://"} {
		if strings.Contains(b.String(), part) {
			t.Errorf("%q in a page that needs no network", part)
		}
	}
}
