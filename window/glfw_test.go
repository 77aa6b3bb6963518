//go:build cgo && glfw

package window

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"glyph/gpu"
	"glyph/models"
	"glyph/train"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// keyboard is a surface whose keys a test presses, one before each frame.
type keyboard struct {
	gpu.Surface
	keys   []gpu.Key
	frames int // that looked at keys
	swaps  int // of all or of parts
	parts  int // the last frame that was shown in parts
	beyond int // parts that are not within the window
	closed bool
	shut   bool // by its button
	icon   bool

	before, swapping func() // each frame, or nil
}

func (k *keyboard) Keys() []gpu.Key {
	k.Surface.Keys()
	if k.before != nil {
		k.before()
	}
	k.frames++
	if len(k.keys) == 0 {
		return nil
	}
	key := k.keys[0]
	if k.keys = k.keys[1:]; key == 0 {
		return nil
	}
	return []gpu.Key{key}
}

func (k *keyboard) Swap() {
	if k.swapping != nil {
		k.swapping()
	}
	k.swaps++
	k.Surface.Swap()
}

// Part is a swap where a frame has several.
func (k *keyboard) Part(x, y, w, h int) bool {
	if wide, high, _ := k.Surface.Size(); x < 0 || y < 0 || x+w > wide || y+h > high {
		k.beyond++
	}
	ok := k.Surface.Part(x, y, w, h)
	if ok && k.frames > k.parts {
		k.parts = k.frames
		k.swaps++
	}
	return ok
}

func (k *keyboard) Size() (w, h int, scale float64) {
	if k.icon {
		return 0, 0, 1
	}
	return k.Surface.Size()
}

func (k *keyboard) Closed() bool { return k.shut || k.Surface.Closed() }

func (k *keyboard) Hide() { k.closed = true; k.Surface.Hide() }

func shown(t testing.TB, b *gpu.Backend, r *train.Training, dir string) (*Window, *keyboard) {
	w, err := Open(b, Options{Title: "cnn on " + b.Device().Renderer, Classes: names(), Batch: r.Options.Batch, Epochs: r.Options.Epochs, Pictures: dir})
	if err != nil {
		t.Fatal(err)
	}
	k := &keyboard{}
	w.wrap = func(s gpu.Surface) gpu.Surface { k.Surface = s; return k }
	w.Follow(r)
	return w, k
}

var smallCNN = models.Spec{Model: "cnn", Filters: []int{4, 6}, Units: []int{12}}

// In a window on a display every key does what the help says, pictures are files, and
// closing the window lets the training go on, to the same bits as without one.
func TestWindow(t *testing.T) {
	b := open(t, gpu.Options{Context: "glfw"})
	want := weights(t, training(t, b, smallCNN, 160, 2))
	dir := t.TempDir()
	r := training(t, b, smallCNN, 160, 2)
	w, k := shown(t, b, r, dir)
	k.keys = []gpu.Key{' ', 0, gpu.KeyDown, gpu.KeyRight, 'G', 'H', 'P', 'H', 'P', 'N', 'N', 0, 'P', 'P', gpu.KeyLeft, gpu.KeyLeft, 'Q'}
	got := weights(t, r)
	if !slices.Equal(got, want) {
		t.Error("a training with a window has other weights")
	}
	if len(k.keys) > 0 || !k.closed {
		t.Errorf("%d keys are left after %d frames, and the window is closed: %v", len(k.keys), k.frames, k.closed)
	}
	if v := w.view; v.stage != 1 || !v.slopes || v.help || v.image != len(v.Labels)-1 || w.gate.isPaused() {
		t.Errorf("layer %d, gradients %v, help %v, image %d, paused %v", v.stage, v.slopes, v.help, v.image, w.gate.isPaused())
	}
	files, _ := filepath.Glob(filepath.Join(dir, "window-*.png"))
	if len(files) != 4 || len(w.Notes()) != 4 {
		t.Errorf("pictures are %q, and the window says %q", files, w.Notes())
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if img, err := png.Decode(f); err != nil || img.Bounds().Dx() < 640 {
			t.Errorf("%s: %v", name, err)
		}
		f.Close()
	}
}

// What was drawn panel by panel, and of a panel only what had changed, is in the end what
// one drawing of all would have made, also after keys and in a window of another size.
func TestDrawnByTurns(t *testing.T) {
	b := open(t, gpu.Options{Context: "glfw"})
	r := training(t, b, models.Spec{Model: "mlp", Hidden: []int{12}}, 160, 1000)
	w, k := shown(t, b, r, "")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sizes, frames := 0, 0
	k.before = func() {
		v := w.view
		v.frames.credit, v.looks.credit = time.Second, time.Second // else few frames come while much else runs
		switch frames++; {
		case frames < 10:
			k.keys = append(k.keys, []gpu.Key{0, gpu.KeyUp, 'H', 0, 'H', 'G', gpu.KeyRight, 0, 0, gpu.KeyDown}[frames])
		case !w.gate.isPaused():
			k.keys = []gpu.Key{' '}
		default:
			v.urgent = changing // all is drawn once more, over what there is
		}
	}
	k.swapping = func() {
		v := w.view
		if frames <= 10 || !v.paused {
			return
		}
		if n := v.differences(t); n > 1 { // the mark
			t.Errorf("%d pixels of %d×%d are not what they should be", n, v.w0, v.h0)
		}
		if sizes++; sizes == 2 {
			cancel()
			return
		}
		w.gate.toggle()
		frames = 0
		k.Surface.Show("smaller", 901, 602)
	}
	if _, err := train.Resume(ctx, *r); err != nil {
		t.Fatal(err)
	}
	b.Visit(nil)
	if sizes != 2 || len(w.Notes()) > 0 {
		t.Errorf("%d sizes were seen, and the window says %q", sizes, w.Notes())
	}
}

// differences counts the pixels of the window that are not those of a picture of it.
func (v *view) differences(t *testing.T) (n int) {
	row := 4 * v.w0
	pixels := make([]uint8, row*v.h0)
	gl.PixelStorei(gl.PACK_ALIGNMENT, 1)
	gl.ReadPixels(0, 0, int32(v.w0), int32(v.h0), gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(pixels))
	want, err := v.snapshot(v.w0, v.h0)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pixels); i += 4 {
		at := want.Pix[(v.h0-1-i/row)*want.Stride+i%row:]
		for c := range 3 { // windows and pictures are blended in formats of their own
			if d := int(pixels[i+c]) - int(at[c]); d < -2 || d > 2 {
				n++
				break
			}
		}
	}
	return n
}

// A window that is closed by its button while the training is paused lets it go on.
func TestClosedPaused(t *testing.T) {
	b := open(t, gpu.Options{Context: "glfw"})
	r := training(t, b, models.Spec{Model: "mlp", Hidden: []int{8}}, 160, 2)
	w, k := shown(t, b, r, "")
	k.keys = []gpu.Key{' '}
	k.before = func() { k.shut = w.gate.isPaused() }
	if result, err := train.Resume(t.Context(), *r); err != nil || result.Stopped != "" {
		t.Errorf("%v, stopped %q", err, result.Stopped)
	}
	if !k.closed || len(w.Notes()) > 0 {
		t.Errorf("the window is closed: %v, and says %q", k.closed, w.Notes())
	}
}

// Ctrl-C ends a training that is paused.
func TestInterruptPaused(t *testing.T) {
	b := open(t, gpu.Options{Context: "glfw"})
	r := training(t, b, smallCNN, 160, 20)
	w, k := shown(t, b, r, "")
	k.keys = []gpu.Key{0, ' '}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	gate := r.Gate
	r.Gate = func(ctx context.Context, n int) int {
		if w.gate.isPaused() {
			cancel()
		}
		return gate(ctx, n)
	}
	result, err := train.Resume(ctx, *r)
	if err != nil || result.Stopped != train.Interrupted {
		t.Errorf("%v, stopped %q", err, result.Stopped)
	}
}
