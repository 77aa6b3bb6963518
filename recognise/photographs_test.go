package recognise_test

import (
	"context"
	"flag"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/internal/needs"
	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise"
	"glyph/recognise/ink"
	"glyph/train"
)

var (
	pictures = flag.Int("pictures", 60, "test images that TestPhotographs shows in each scene")
	only     = flag.String("scene", "", "show only scenes whose names contain this")
	keep     = flag.String("keep", "", "a directory for the pictures that TestPhotographs gets wrong")
)

// kmnistData is KMNIST, or a part of it; without one the test is skipped,
// except in CI.
func kmnistData(t testing.TB) kmnist.Data {
	t.Helper()
	dir := needs.KMNIST(t)
	d, err := kmnist.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// network trains a small network for seconds.
func network(t testing.TB, d kmnist.Data) *models.Predictor {
	t.Helper()
	b := cpu.New[float32](2)
	t.Cleanup(func() { b.Close() }) //nolint:errcheck // a processor does not fail
	const batch = 64
	net, err := models.New(b, models.Spec{Model: "cnn", Filters: []int{16, 32}, Units: []int{64}, Dropout: []float64{0, 0}}, batch)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	n := min(d.Train.Len(), 7000)
	part := kmnist.Set{Images: d.Train.Images[:n*d.Train.H*d.Train.W], Labels: d.Train.Labels[:n], H: d.Train.H, W: d.Train.W}
	mean, scale := kmnist.Normalise(part, false)
	data := train.Data{
		Train:   train.Set{Images: part.Images, Labels: part.Labels, Shape: glyph.Shape{part.H, part.W, 1}},
		Classes: len(d.Classes), Mean: mean, Scale: scale,
	}
	opt := train.Options{Epochs: 3, Batch: batch, Rule: glyph.NewOptimizer(glyph.Momentum), LR: 0.02, Seed: 1}
	if _, err := train.Run(context.Background(), b, net, data, opt, train.Callbacks{}); err != nil {
		t.Fatal(err)
	}
	p, err := models.NewPredictor(b, net, mean, scale)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPhotographs shows test images in scenes as people photograph them, and
// holds that hardly fewer are recognised than on a clean sheet.
func TestPhotographs(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds")
	}
	d := kmnistData(t)
	p := network(t, d)
	clean := 0
	for i, s := range scenes {
		if !strings.Contains(s.name, *only) && i > 0 {
			continue
		}
		right := 0
		for n, shot := range s.shots(d, *pictures, uint64(i)) {
			if shot.err != nil {
				t.Logf("%s, image %d: %v", s.name, n, shot.err)
			} else {
				rows, err := p.Probabilities(shot.glyph.Pixels)
				if err != nil {
					t.Fatal(err)
				}
				if recognise.Rank(rows[0], d.Classes)[0].Label == int(d.Test.Labels[n]) {
					right++
					continue
				}
			}
			keepPicture(t, s.name, n, shot.picture, shot.glyph)
		}
		t.Logf("%-32s %d of %d", s.name, right, *pictures)
		if i == 0 {
			clean = right
		}
		if least := clean - 6**pictures/60; right < least {
			t.Errorf("%s: %d of %d right, want %d", s.name, right, *pictures, least)
		}
	}
	if clean < *pictures*3/4 {
		t.Errorf("%d of %d right on a clean sheet", clean, *pictures)
	}
}

// TestOneCharacter shows more test images on a clean sheet: hardly any is taken
// for several characters, or for one with lines or a table.
func TestOneCharacter(t *testing.T) {
	d := kmnistData(t)
	const n = 150
	wrong := 0
	for i, shot := range scenes[0].shots(d, n, 2) {
		if shot.err != nil {
			t.Fatalf("image %d: %v", i, shot.err)
		}
		if g := shot.glyph; g.Characters != 1 || g.LeftOut.Lines > 0 || g.LeftOut.Surroundings || !g.DarkOnLight {
			wrong++
			t.Logf("image %d: %v", i, g)
		}
	}
	if wrong > n/100 {
		t.Errorf("%d of %d images are taken for something else", wrong, n)
	}
}

// shot is a test image in a scene, and what framing makes of it.
type shot struct {
	picture image.Image
	glyph   ink.Glyph
	err     error
}

// shots photographs the first n test images, several at a time.
func (s scene) shots(d kmnist.Data, n int, seed uint64) []shot {
	framing := ink.Frame{H: 28, W: 28, MaxPixels: 1 << 20}
	all := make([]shot, n)
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				m := &image.Gray{Pix: d.Test.Image(i), Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
				all[i].picture = s.photograph(m, sizes[i%len(sizes)], rand.New(rand.NewPCG(seed, uint64(i))))
				all[i].glyph, all[i].err = framing.From(all[i].picture)
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	group.Wait()
	return all
}

// keepPicture writes a picture beside what was made of it, where -keep says so.
func keepPicture(t *testing.T, name string, n int, img image.Image, g ink.Glyph) {
	if *keep == "" {
		return
	}
	size := img.Bounds().Size()
	both := image.NewRGBA(image.Rect(0, 0, size.X+size.Y, size.Y))
	for y := range size.Y {
		for x := range size.X {
			both.Set(x, y, img.At(x, y))
		}
		for x := range size.Y {
			if len(g.Pixels) > 0 {
				v := g.Pixels[y*28/size.Y*28+x*28/size.Y]
				both.Set(size.X+x, y, image.White.C)
				both.Pix[both.PixOffset(size.X+x, y)] = v
				both.Pix[both.PixOffset(size.X+x, y)+1] = v
				both.Pix[both.PixOffset(size.X+x, y)+2] = v
			}
		}
	}
	f, err := os.Create(filepath.Join(*keep, strings.ReplaceAll(name, " ", "-")+"-"+strconv.Itoa(n)+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, both); err != nil {
		t.Fatal(err)
	}
}
