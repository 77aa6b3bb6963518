package study

import (
	"testing"

	"glyph/kmnist"
)

// Every split of a study holds other images out of the first ones; the whole is
// judged on the test set.
func TestSplitsOfImages(t *testing.T) {
	d := DataOf(kmnist.Synthetic(1, 30, 12))
	held := map[string]Split{}
	for split := Whole; split < 5; split++ {
		data, err := d.Open(20, split)
		if err != nil {
			t.Fatal(err)
		}
		train, test := 16, 4
		if split == Whole {
			train, test = 20, d.Test
		}
		if data.Train.Len() != train || data.Test.Len() != test {
			t.Errorf("split %d: %d and %d images", split, data.Train.Len(), data.Test.Len())
		}
		if other, ok := held[string(data.Test.Images)]; ok {
			t.Errorf("splits %d and %d hold the same images out", other, split)
		}
		held[string(data.Test.Images)] = split
	}
}
