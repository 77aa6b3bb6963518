package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph"
	"glyph/kmnist"
)

// The flags, the switch and a config say the same things, and what was said is
// printed and in the JSON.
func TestAugmentFlags(t *testing.T) {
	data := tinyData(t)
	file := filepath.Join(t.TempDir(), "run.toml")
	write(t, file, []byte("augment = true\nrotation = 7.5\nshear = 0\n"))
	all := glyph.DefaultAugmentation()
	for _, c := range []struct {
		args []string
		want glyph.Augmentation
	}{
		{nil, glyph.Augmentation{}},
		{[]string{"--augment"}, all},
		{[]string{"--shift", "1.5", "--shear", "3"}, glyph.Augmentation{Shift: 1.5, Shear: 3}},
		{[]string{"--augment", "--rotation", "0", "--scale", "0.2"}, glyph.Augmentation{Shift: all.Shift, Scale: 0.2, Shear: all.Shear}},
		{[]string{"--config", file, "--shift", "4"}, glyph.Augmentation{Shift: 4, Rotation: 7.5, Scale: all.Scale}},
		{[]string{"--elastic", "1.5", "--stroke", "0.5", "--cutout", "8"}, glyph.Augmentation{Elastic: 1.5, Stroke: 0.5, Cutout: 8}},
		{[]string{"--augment", "--cutout", "8", "--shear", "0"}, glyph.Augmentation{Shift: all.Shift, Rotation: all.Rotation, Scale: all.Scale, Cutout: 8}},
		{[]string{"--augment=false"}, glyph.Augmentation{}},
	} {
		out, errOut, status := runGlyph(t, append([]string{"train", "--data", data, "--model", "linear", "--epochs", "1", "--json", "--out", "none"}, c.args...)...)
		if status != 0 {
			t.Fatalf("%v: %s", c.args, errOut)
		}
		var got struct{ Augment *glyph.Augmentation }
		lastJSON(t, out, &got)
		if got.Augment == nil {
			got.Augment = &glyph.Augmentation{}
		}
		if *got.Augment != c.want {
			t.Errorf("%v: augmented by %v, want %v", c.args, *got.Augment, c.want)
		}
		if said := strings.Contains(errOut, "augment  "+c.want.String()); said == c.want.IsZero() {
			t.Errorf("%v: the augmentation is printed: %t\n%s", c.args, said, errOut)
		}
	}
}

// The table of --out is the image of each class and its variations.
func TestShowAugmented(t *testing.T) {
	data, file := tinyData(t), filepath.Join(t.TempDir(), "moved.png")
	out, errOut, status := runGlyph(t, "data", "show", "--data", data, "--shift", "3", "--columns", "5", "--zoom", "1", "--out", file)
	if status != 0 || !strings.Contains(out, "shift 3 px") {
		t.Fatalf("%s%s", out, errOut)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	d, err := kmnist.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	// Images stand 30 pixels apart, two pixels from the edge.
	cell := func(row, column int) (pixels []uint8) {
		for i := range 784 {
			r, _, _, _ := sheet.At(2+30*column+i%28, 2+30*row+i/28).RGBA()
			pixels = append(pixels, uint8(r>>8))
		}
		return pixels
	}
	for class := range 10 {
		original := string(d.Train.Image(class)) // the tiny data has them in order
		seen := map[string]bool{}
		for column := range 5 {
			seen[string(cell(class, column))] = true
		}
		if string(cell(class, 0)) != original {
			t.Errorf("row %d does not begin with the image itself", class)
		}
		if len(seen) != 5 {
			t.Errorf("row %d has %d different images of 5", class, len(seen))
		}
	}
	plain, _, _ := runGlyph(t, "data", "show", "--data", data)
	moved, _, _ := runGlyph(t, "data", "show", "--data", data, "--rotation", "90")
	if plain == moved || !strings.Contains(moved, "rotation 90°") || strings.Count(moved, "training images") != strings.Count(plain, "training images") {
		t.Errorf("with rotation:\n%s", moved)
	}
}
