//go:build cgo

package window

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unsafe"

	"glyph"
	"glyph/gpu"
	"glyph/internal/needs"
	"glyph/kmnist"
	"glyph/models"
	"glyph/train"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// open makes a Backend on whatever OpenGL there is, or skips the test.
func open(t testing.TB, o gpu.Options) *gpu.Backend {
	t.Helper()
	b, err := gpu.Open(o)
	needs.GPU(t, err)
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// training is a small training on drawn characters.
func training(t testing.TB, b *gpu.Backend, spec models.Spec, images, epochs int) *train.Training {
	t.Helper()
	opt := train.Options{Epochs: epochs, Batch: 16, LR: 0.002, Seed: 1, Rule: glyph.NewOptimizer(glyph.Adam)}
	net, err := models.New(b, spec, opt.Batch)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	drawn := kmnist.Synthetic(1, images, 40)
	set := func(s kmnist.Set) train.Set {
		return train.Set{Images: s.Images, Labels: s.Labels, Shape: glyph.Shape{28, 28, 1}}
	}
	data := train.Data{Train: set(drawn.Train), Validation: set(drawn.Test), Classes: 10, Mean: []float32{40}, Scale: []float32{0.01}}
	return &train.Training{Backend: b, Net: net, Data: data, Options: opt}
}

func names() (list []string) {
	for _, c := range kmnist.Characters() {
		list = append(list, c.Name)
	}
	return list
}

func weights(t *testing.T, r *train.Training) []float32 {
	t.Helper()
	if _, err := train.Resume(t.Context(), *r); err != nil {
		t.Fatal(err)
	}
	w := make([]float32, r.Net.W.Size())
	if err := r.Backend.Read(w, r.Net.W); err != nil {
		t.Fatal(err)
	}
	return w
}

// pictured trains with the frames of a window that no display shows, and returns the last
// picture.
func pictured(t *testing.T, b *gpu.Backend, r *train.Training, set func(v *view), w, h int) (img *image.RGBA, trained []float32, frames int, v *view) {
	t.Helper()
	win, err := Open(b, Options{Title: "cnn on " + b.Device().Renderer, Classes: names(), Batch: r.Options.Batch, Epochs: r.Options.Epochs})
	if err != nil {
		t.Fatal(err)
	}
	win.Follow(r)
	win.visit = func(m *gpu.Moment) time.Duration {
		if err := win.view.prepare(m); err != nil {
			t.Error(err)
			return never
		}
		if frames == 0 && set != nil {
			set(win.view)
		}
		if times := m.Times(); ofStep(times) {
			win.view.kernels = slices.Clone(times)
		}
		m.TimeStep()
		frames++
		if img, err = win.view.snapshot(w, h); err != nil {
			t.Error(err)
			return never
		}
		return interval
	}
	trained = weights(t, r)
	b.Visit(nil) // a thread with nothing to do goes on with them
	for _, note := range win.Notes() {
		t.Error(note)
	}
	return img, trained, frames, win.view
}

func writePNG(t *testing.T, path string, img image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// The window draws between the steps of a training and changes nothing of it. What it
// draws from is what is there.
func TestSameBits(t *testing.T) {
	b := open(t, gpu.Options{})
	spec := models.Spec{Model: "cnn", Filters: []int{3, 4}, Units: []int{8}, Dropout: []float64{0, 0.3}}
	want := weights(t, training(t, b, spec, 100, 2))
	r := training(t, b, spec, 100, 2)
	losses, hits := 0.0, 0.0
	r.Callbacks.Step = func(_ int, loss, accuracy float64) { losses, hits = losses+loss, hits+accuracy }
	img, got, frames, v := pictured(t, b, r, nil, 640, 400)
	if !slices.Equal(got, want) {
		t.Error("a training with a window has other weights")
	}
	if frames < 2 || img == nil || !painted(img) {
		t.Fatalf("%d frames, the last %v", frames, img != nil)
	}
	p, _ := v.parameter(v.first())
	w, done := make([]float32, p.Size()), make(chan bool)
	if err := b.Read(w, p); err != nil {
		t.Fatal(err)
	}
	var extent [2]float32
	var counts [bins + 1]uint32
	var history [historyBins][4]float32
	b.Visit(func(m *gpu.Moment) time.Duration {
		v.m = m
		clearBuffer(v.bins)
		put(v.scene.next, []int32{0})
		v.help = true // the curves go on behind it
		if _, err := v.snapshot(640, 400); err != nil {
			t.Error(err)
		}
		buffer, base := v.measure(v.canvas, m, p, 1)
		v.count(v.canvas, buffer, base, p.Size(), 1)
		for _, c := range []struct {
			buffer        uint32
			offset, bytes int
			to            unsafe.Pointer
		}{{v.weightRanges, 8, 8, unsafe.Pointer(&extent)}, {v.counts, 0, 4 * (bins + 1), unsafe.Pointer(&counts)}, {v.bins, 0, 16 * historyBins, unsafe.Pointer(&history)}} {
			gl.BindBuffer(gl.COPY_READ_BUFFER, c.buffer)
			gl.GetBufferSubData(gl.COPY_READ_BUFFER, c.offset, c.bytes, c.to)
		}
		close(done)
		return never
	})
	<-done
	if least, most := slices.Min(w), slices.Max(w); extent != [2]float32{least, most} {
		t.Errorf("weights from %v to %v have the range %v", least, most, extent)
	}
	sum, largest := 0, uint32(0)
	for _, n := range counts[:bins] {
		sum, largest = sum+int(n), max(largest, n)
	}
	if sum != len(w) || counts[bins] != largest || largest == 0 || counts[0]+counts[bins-1] == 0 {
		t.Errorf("the histogram of %d weights is %v", len(w), counts)
	}
	var all [3]float64
	for _, bin := range history {
		for i := range all {
			all[i] += float64(bin[i])
		}
	}
	if math.Abs(all[0]-losses) > 1e-3 || math.Abs(all[1]-hits) > 1e-3 || all[2] != float64(2*7) {
		t.Errorf("the curves have %v; 14 steps have losses of %v and hits of %v in all", all, losses, hits)
	}
}

// Of a text that changes in the middle no more than that is drawn anew.
func TestDamage(t *testing.T) {
	at := func(x, y float32) []float32 { return []float32{x, y, 7.5, 9, 0, 0, 1, 1, 1, 1, 1, 1} }
	join := func(list ...[]float32) []float32 { return slices.Concat(list...) }
	a, b, c, d := at(0, 3), at(10, 3.5), at(20, 3), at(30, 3)
	for name, k := range map[string]struct {
		old, new []float32
		want     rect
	}{
		"a letter":           {join(a, b, d), join(a, c, d), rect{10, 3, 18, 10}},
		"one more":           {join(a, b), join(a, b, c), rect{20, 3, 8, 9}},
		"one less":           {join(a, b, c), join(b, c), rect{0, 3, 8, 9}},
		"the same but moved": {join(b), join(at(10.5, 3.5)), rect{10, 3, 8, 10}},
	} {
		if got := damage(k.old, k.new); got != k.want {
			t.Errorf("%s: %+v, want %+v", name, got, k.want)
		}
	}
}

// painted reports whether every panel has something in it, in colours, and none is pink,
// which is NaN, or lets the ground through.
func painted(img *image.RGBA) bool {
	list := layOut(img.Rect.Dx(), img.Rect.Dy(), 0.5)
	for _, r := range list {
		colours := map[color.RGBA]bool{}
		for y := int(r.y); y < int(r.y+r.h); y++ {
			for x := int(r.x); x < int(r.x+r.w); x++ {
				c := img.RGBAAt(x, y)
				colours[c] = true
				if c == (color.RGBA{255, 51, 204, 255}) || c.A != 255 {
					return false
				}
			}
		}
		if len(colours) < 8 {
			return false
		}
	}
	return true
}

// TestPictures draws the picture of docs/gpus.md into the folder GLYPH_PICTURES.
func TestPictures(t *testing.T) {
	to := os.Getenv("GLYPH_PICTURES")
	if to == "" {
		t.Skip("GLYPH_PICTURES is not set")
	}
	b := open(t, gpu.Options{})
	spec := models.Spec{Model: "cnn", Filters: []int{16, 24}, Units: []int{64}}
	img, _, _, _ := pictured(t, b, training(t, b, spec, 640, 5), func(v *view) { v.image = 7 }, designW, designH)
	writePNG(t, filepath.Join(to, "window.png"), img)
}
