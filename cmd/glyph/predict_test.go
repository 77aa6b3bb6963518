package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/draw"

	"glyph/device"
	"glyph/internal/needs"
	"glyph/kmnist"
	"glyph/recognise"
	"glyph/runs"
)

// grey is an image of a set.
func grey(s kmnist.Set, i int) *image.Gray {
	return &image.Gray{Pix: s.Image(i), Stride: s.W, Rect: image.Rect(0, 0, s.W, s.H)}
}

// painted puts an image, scaled, on paper of a colour, with ink of another.
func painted(g image.Image, size int, at image.Point, canvas image.Point, paper, ink color.RGBA) *image.RGBA {
	mask := image.NewGray16(image.Rect(0, 0, size, size))
	draw.CatmullRom.Scale(mask, mask.Bounds(), g, g.Bounds(), draw.Src, nil)
	out := image.NewRGBA(image.Rectangle{Max: canvas})
	draw.Draw(out, out.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	for y := range size {
		for x := range size {
			a := int(mask.Gray16At(x, y).Y)
			mix := func(p, i uint8) uint8 { return uint8((int(p)*(0xffff-a) + int(i)*a) / 0xffff) }
			out.SetRGBA(at.X+x, at.Y+y, color.RGBA{mix(paper.R, ink.R), mix(paper.G, ink.G), mix(paper.B, ink.B), 255})
		}
	}
	return out
}

// TestPicturesOfKMNIST makes pictures of test images, large, inverted, coloured,
// moved, and holds that nearly all are recognised as the image itself is.
func TestPicturesOfKMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds")
	}
	data := needs.KMNIST(t)
	dir := filepath.Join(t.TempDir(), "run")
	if _, errOut, status := runGlyph(t, "train", "--data", data, "--model", "cnn", "--filters", "16,32", "--units", "64",
		"--dropout", "0", "--epochs", "2", "--lr", "0.02", "--optimizer", "momentum", "--backend", "cpu", "--out", dir); status != 0 {
		t.Fatal(errOut)
	}
	s, err := runs.OpenWeights(dir)
	if err != nil {
		t.Fatal(err)
	}
	dev := device.OpenCPU()
	defer dev.Close() //nolint:errcheck // a processor does not fail
	network, err := s.Predictor(dev, 1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := recognise.New(network, kmnist.Characters(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	all, err := kmnist.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	white, black := color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0, 0, 255}
	for _, c := range []struct {
		name       string
		make       func(image.Image) image.Image
		dark       bool
		least      float64 // share of the same class
		asItIs     bool
		wrongPaper int // how often dark and light may be mixed up: images whose border is mostly ink
	}{
		{"as it is", func(g image.Image) image.Image { return g }, false, 0.99, true, 3},
		{"inverted", func(g image.Image) image.Image { return painted(g, 28, image.Point{}, image.Pt(28, 28), white, black) }, true, 0.99, true, 3},
		{"large", func(g image.Image) image.Image {
			return painted(g, 200, image.Pt(30, 20), image.Pt(260, 240), black, white)
		}, false, 0.9, false, 0},
		{"large, dark on light", func(g image.Image) image.Image {
			return painted(g, 200, image.Pt(30, 20), image.Pt(260, 240), white, black)
		}, true, 0.9, false, 0},
		{"coloured, in a corner", func(g image.Image) image.Image {
			return painted(g, 150, image.Pt(180, 5), image.Pt(400, 300), color.RGBA{250, 230, 180, 255}, color.RGBA{120, 20, 60, 255})
		}, true, 0.9, false, 0},
		{"one brightness, other colours", func(g image.Image) image.Image {
			return painted(g, 150, image.Pt(50, 50), image.Pt(300, 300), color.RGBA{0, 150, 0, 255}, color.RGBA{255, 30, 0, 255})
		}, false, 0.9, false, 0},
		{"small", func(g image.Image) image.Image {
			return painted(g, 40, image.Pt(3, 2), image.Pt(50, 45), white, black)
		}, true, 0.9, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			const n = 100
			same, mixed := 0, 0
			for i := range n {
				g := grey(all.Test, i)
				rows, err := network.Probabilities(g.Pix)
				if err != nil {
					t.Fatal(err)
				}
				var file bytes.Buffer
				if err := png.Encode(&file, c.make(g)); err != nil {
					t.Fatal(err)
				}
				p, err := r.Recognise(bytes.NewReader(file.Bytes()))
				if err != nil {
					t.Fatalf("image %d: %v", i, err)
				}
				if p.Top[0].Label == recognise.Rank(rows[0], kmnist.Characters())[0].Label {
					same++
				}
				if p.DarkOnLight != c.dark {
					mixed++
				}
				if p.Glyph.AsItIs != c.asItIs {
					t.Fatalf("image %d: %v", i, p.Glyph)
				}
			}
			t.Logf("%d of %d the same, %d taken for the other of dark and light", same, n, mixed)
			if float64(same) < c.least*n || mixed > c.wrongPaper {
				t.Errorf("%d of %d the same, want a share of %v; %d taken for the other of dark and light", same, n, c.least, mixed)
			}
		})
	}
}

// TestPredict recognises the formats, and prints what it did.
func TestPredict(t *testing.T) {
	_, dir := trainedRun(t)
	root := t.TempDir()
	set := kmnist.Synthetic(1, 0, 1).Test
	pic := painted(grey(set, 0), 100, image.Pt(20, 10), image.Pt(140, 130), color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0, 0, 255})
	files := []string{filepath.Join(root, "a.png"), filepath.Join(root, "b.jpeg"), filepath.Join(root, "c.gif")}
	for i, encode := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return png.Encode(b, pic) },
		func(b *bytes.Buffer) error { return jpeg.Encode(b, pic, &jpeg.Options{Quality: 95}) },
		func(b *bytes.Buffer) error { return gif.Encode(b, pic, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		write(t, files[i], b.Bytes())
	}
	out, errOut, status := runGlyph(t, append([]string{"predict", dir}, files...)...)
	if status != 0 || strings.Count(out, "\n") != 3*4 || strings.Count(out, "140×130, dark ink on light, inverted") != 3 {
		t.Errorf("status %d: %s\n%s", status, errOut, out)
	}
	// A GIF with a frame of nothing, on which Go's decoder leaves a picture of
	// nothing, is one line; and no name acts on the terminal.
	empty := filepath.Join(root, "empty\x1b[2J.gif")
	write(t, empty, []byte("GIF89a\x0a\x00\x0a\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x01\x2c\x00\x3b"))
	out, errOut, status = runGlyph(t, "predict", dir, empty, files[0])
	if status != 1 || strings.Count(errOut, "\n") != 1 || strings.Contains(errOut, "\x1b") || !strings.Contains(errOut, "0×0") || !strings.Contains(out, "140×130") {
		t.Errorf("an empty frame: status %d, %q\n%s", status, errOut, out)
	}
	out, errOut, status = runGlyph(t, append([]string{"predict", dir, "--json"}, files...)...)
	if status != 0 {
		t.Fatal(errOut)
	}
	var first []float64
	for i, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var p recognise.Prediction
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, v := range p.Probabilities {
			sum += v
		}
		if p.File != files[i] || !p.DarkOnLight || len(p.Top) != 3 || sum < 0.999999 || sum > 1.000001 ||
			p.Top[0].Probability != slices.Max(p.Probabilities) || p.Top[0].Name != strconv.Itoa(p.Top[0].Label) || p.Top[0].Kana != "" {
			t.Errorf("%s", line)
		}
		if i == 0 {
			first = p.Probabilities
		}
		for c, v := range p.Probabilities { // lossy formats change a little
			if d := v - first[c]; d > 0.05 || d < -0.05 {
				t.Errorf("%s: class %d has %v, the PNG %v", p.File, c, v, first[c])
			}
		}
	}
}

// TestPredictSeveral names every character in a picture as it is named alone, in the
// order in which they are read.
func TestPredictSeveral(t *testing.T) {
	_, dir := trainedRun(t)
	root := t.TempDir()
	row := filepath.Join(root, "row.png")
	sheet := image.NewGray(image.Rect(0, 0, 320, 120))
	var want [][]recognise.Ranked
	for i, k := range []int{2, 3, 4} {
		at := image.Rect(10+105*i, 20, 80+105*i, 90)
		draw.BiLinear.Scale(sheet, at, grey(kmnist.Synthetic(1, 0, 10).Test, k), image.Rect(0, 0, 28, 28), draw.Src, nil)
		alone := filepath.Join(root, strconv.Itoa(i)+".png")
		writePicture(t, alone, sheet.SubImage(at.Inset(-10)))
		var p recognise.Prediction
		out, _, _ := runGlyph(t, "predict", dir, alone, "--json")
		if err := json.Unmarshal([]byte(out), &p); err != nil || len(p.All) != 1 || p.At != 0 || !slices.Equal(p.All[0].Top, p.Top) {
			t.Fatalf("%v: %s", err, out)
		}
		want = append(want, p.Top)
	}
	writePicture(t, row, sheet)
	out, errOut, status := runGlyph(t, "predict", dir, row, "--json")
	var p recognise.Prediction
	if err := json.Unmarshal([]byte(out), &p); status != 0 || err != nil || strings.Count(out, "\n") != 1 {
		t.Fatalf("status %d: %v: %s%s", status, err, errOut, out)
	}
	if len(p.All) != len(want) || p.Characters != len(want) || p.Ink != p.All[p.At].Ink || !slices.Equal(p.Top, p.All[p.At].Top) {
		t.Fatalf("%s", out)
	}
	names := ""
	for i, c := range p.All {
		names += " " + c.Top[0].Name
		if c.Ink[0] < 10+105*i || c.Ink[0]+c.Ink[2] > 80+105*i || c.Top[0].Label != want[i][0].Label {
			t.Errorf("character %d at %v is %+v, and alone %+v", i, c.Ink, c.Top, want[i])
		}
	}
	out, errOut, status = runGlyph(t, "predict", dir, row, "--show")
	if status != 0 || !strings.HasPrefix(out, row+": 320×120, light ink on dark; 3 characters:"+names+"\n1 of 3: ") || strings.Count(out, " %\n") != 3*recognise.Top || !strings.Contains(out, "\n3 of 3: ") || strings.Count(out, "\n") < 3*(1+recognise.Top+14) {
		t.Errorf("status %d: %s%s", status, errOut, out)
	}
}
