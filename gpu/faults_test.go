//go:build cgo

package gpu

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glyph"

	"github.com/go-gl/gl/v4.3-core/gl"
)

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", parts)
		return
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q is without %q", err, p)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	open(t)
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Device: "no such card"}, `there is no device "no such card", only 0 (`},
		{Options{Device: "99"}, `there is no device "99", only 0 (`},
		{Options{Context: "vulkan"}, `unknown kind of context "vulkan"; known are egl, glfw`},
	} {
		b, err := Open(c.o)
		if err == nil {
			b.Close()
		}
		wantError(t, err, "gpu: ", c.want)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("error of more than a line: %q", err)
		}
	}
	b := openWith(t, Options{Device: "0"})
	// A mistake of this package on the thread is an error, not the end of the process.
	broken, err := Open(Options{Device: "0"})
	if err != nil {
		t.Fatal(err)
	}
	defer broken.Close() //nolint:errcheck // it has the error
	broken.post(func() { panic("why") })
	wantError(t, broken.Sync(), "internal error: why")
	if h, err := Open(Options{Hardware: true}); err == nil {
		if h.Software() {
			t.Error("asked for hardware, got", h.Name())
		}
		h.Close()
	} else {
		wantError(t, err, "no hardware GPU, only "+b.Device().Renderer)
	}
	part := strings.ToUpper(b.Device().Renderer[:4])
	if got := openWith(t, Options{Device: part}).Device().Renderer; got != b.Device().Renderer {
		t.Errorf("device %q is %q", part, got)
	}
}

func TestNamedOnce(t *testing.T) {
	for err, want := range map[string]string{"GLFW: no display": "GLFW: no display", "no config": "GLFW: no config", "made no window": "GLFW: made no window"} {
		if got := named("GLFW", errors.New(err)).Error(); got != want {
			t.Errorf("%q becomes %q", err, got)
		}
	}
}

func TestLimitsCheck(t *testing.T) {
	good := open(t).Device().Limits
	if err := good.check(); err != nil {
		t.Error(err)
	}
	for want, spoil := range map[string]func(*Limits){
		"only storage blocks of 1048576 bytes; 16777216 are needed": func(l *Limits) { l.StorageBlock = 1 << 20 },
		"only 4 storage blocks a kernel; 8 are needed":              func(l *Limits) { l.StorageBindings = 4 },
		"only 128 invocations a work group; 256 are needed":         func(l *Limits) { l.Invocations = 128 },
		"at most 256 is supported":                                  func(l *Limits) { l.OffsetAlignment = 4096 },
	} {
		l := good
		spoil(&l)
		wantError(t, l.check(), want)
	}
}

// A tensor over the limit is an error with both sizes; afterwards operations do
// nothing, and every way to wait gives the same error.
func TestTensorOverTheLimit(t *testing.T) {
	b, err := Open(Options{})
	if err != nil {
		open(t) // skips or fails
	}
	small := glyph.NewTensor(b, glyph.Shape{4})
	b.Write(small, []float32{1, 2, 3, 4})
	y, x := glyph.NewTensor(b, glyph.Shape{8}), glyph.NewTensor(b, glyph.Shape{8})
	b.device.Limits.StorageBlock = 16
	b.Copy(y, x)
	err = b.Sync()
	wantError(t, err, "copy.comp", "32 bytes", "limit of 16 bytes")
	b.device.Limits.StorageBlock = 1 << 20
	b.Upload(make([]byte, 2<<20))
	v := []float32{9, 9, 9, 9}
	if got := b.Read(v, small); got != err {
		t.Errorf("Read gives %v, want the first error", got)
	}
	if v[0] != 9 {
		t.Error("Read wrote after an error")
	}
	if got := b.Close(); got != err {
		t.Errorf("Close gives %v, want the first error", got)
	}
	if got := b.Close(); got != err {
		t.Errorf("a second Close gives %v", got)
	}
}

func TestDataSetOverTheLimit(t *testing.T) {
	b := open(t)
	b.device.Limits.StorageBlock = 1 << 20
	b.Upload(make([]byte, 2<<20))
	wantError(t, b.Sync(), "data set of 2.0 MiB", "limit of 1.0 MiB")
	b.err = nil
}

// Software OpenGL takes memory when it is touched, so that only an absurd size
// is refused there.
func TestOutOfMemory(t *testing.T) {
	b := open(t)
	if !b.Software() {
		t.Skip("would ask a GPU for all it has")
	}
	huge := b.Alloc(1 << 50)
	wantError(t, b.Sync(), "4194304.0 GiB asked of the device", "out of device memory")
	if huge.Len() != 1<<50 {
		t.Error("the buffer cannot be passed on")
	}
	b.Copy(glyph.Tensor{Buf: huge, Shape: glyph.Shape{4}}, glyph.Tensor{Buf: huge, Off: 8, Shape: glyph.Shape{4}})
	b.err = nil
}

func TestShaderErrorsNameTheFile(t *testing.T) {
	b := openWith(t, Options{Cache: "off"})
	// TN 8 with BN 4 makes an array of no elements in the template.
	l := b.start(b.program(dense, values{8, 32, 32, 16, 4, 0}))
	for range dense.operands {
		b.in(glyph.Tensor{})
	}
	for range dense.uniforms {
		l.uniform(0)
	}
	b.run(1, 0)
	err := b.Sync()
	wantError(t, err, "dense.comp THREADS=8 BM=32", "does not compile", "gemm.glsl:")
	t.Log(err)
	b.err = nil
}

// A program is found in the cache again; a damaged, cut or foreign entry is
// built anew and replaced.
func TestProgramCache(t *testing.T) {
	folder := t.TempDir()
	use := func() {
		t.Helper()
		b := openWith(t, Options{Cache: folder})
		y, x := glyph.NewTensor(b, glyph.Shape{5}), glyph.NewTensor(b, glyph.Shape{5})
		b.Write(x, []float32{1, 2, 3, 4, 5})
		b.Copy(y, x)
		v := make([]float32, 5)
		if err := b.Read(v, y); err != nil || fmt.Sprint(v) != "[1 2 3 4 5]" {
			t.Fatal(v, err)
		}
	}
	files := func() []string {
		t.Helper()
		list, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	use()
	entries := files()
	if len(entries) == 0 {
		cannot(t, "this driver gives no program binaries")
	}
	if len(entries) != 1 {
		t.Fatalf("cache holds %v, want one entry", entries)
	}
	good, err := os.ReadFile(entries[0])
	if err != nil {
		t.Fatal(err)
	}
	use()
	if format, code, ok := decodeProgram(good); !ok || len(code) == 0 {
		t.Fatal("the entry does not decode")
	} else {
		for name, bad := range map[string][]byte{
			"empty":              {},
			"cut":                good[:len(good)/2],
			"a bit flipped":      append(append([]byte{}, good[:len(good)-1]...), good[len(good)-1]^1),
			"of another driver":  encodeProgram(format, []byte("no program at all")),
			"of another format":  encodeProgram(12345, code),
			"of another version": append([]byte("glyph program 0\n"), good[len(cacheMagic):]...),
		} {
			if err := os.WriteFile(entries[0], bad, 0o644); err != nil {
				t.Fatal(err)
			}
			use()
			if now, err := os.ReadFile(entries[0]); err != nil || string(now) != string(good) {
				t.Errorf("%s: the entry was not replaced (%v)", name, err)
			}
		}
	}
	if n := len(files()); n != 1 {
		t.Errorf("cache holds %d files, want 1", n)
	}
}

// An error that came before is told, though loading and storing programs, and memory that
// can be done without, take errors for their own.
func TestErrorsBeforeAreTold(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, use := range map[string]func(*Backend, glyph.Tensor){
		"a program that is stored": func(b *Backend, x glyph.Tensor) { b.Copy(glyph.Tensor{Buf: x.Buf, Off: 8, Shape: x.Shape}, x) },
		"memory to spare": func(b *Backend, x glyph.Tensor) {
			b.spare = true
			b.Free(b.Alloc(1 << 20))
		},
	} {
		b, err := Open(Options{Cache: folder})
		if err != nil {
			open(t) // skips or fails
		}
		x := glyph.NewTensor(b, glyph.Shape{16})
		x.Shape[0] = 8
		b.call(func() { gl.Enable(0xFFFF) })
		use(b, x)
		if err := b.Close(); err == nil || !strings.Contains(err.Error(), "GL_INVALID_ENUM") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	b := openWith(t, Options{Cache: filepath.Join(os.DevNull, "x")})
	y, x := glyph.NewTensor(b, glyph.Shape{5}), glyph.NewTensor(b, glyph.Shape{5})
	b.Copy(y, x)
	if err := b.Sync(); err != nil {
		t.Error(err)
	}
}

func TestTimes(t *testing.T) {
	b := openWith(t, Options{Time: true})
	y, x := glyph.NewTensor(b, glyph.Shape{4096}), glyph.NewTensor(b, glyph.Shape{4096})
	b.Repeat(3, func() { b.Copy(y, x) })
	list := b.Times()
	if len(list) != 1 || list[0].File != "copy.comp" || list[0].Calls != 3 || list[0].Total <= 0 {
		t.Errorf("times are %+v", list)
	}
	b.SetTiming(false)
	b.Copy(y, x)
	if list := b.Times(); len(list) != 0 {
		t.Errorf("times are %+v, want none", list)
	}
	var s strings.Builder
	printTimes(&s, list)
	if !strings.Contains(s.String(), "copy.comp THREADS=128 VEC=1") || !strings.Contains(s.String(), " 3 ") {
		t.Error(s.String())
	}
}

// A peak is the work of a run by the shortest of the runs' times, the first
// aside, on a clock that the test keeps.
func TestPeak(t *testing.T) {
	b := open(t)
	times := []time.Duration{1, 5, 4, 2, 3, 6} // of the runs, twice over, in seconds
	at, calls := time.Unix(0, 0), 0
	b.now = func() time.Time {
		if calls++; calls%2 == 0 { // the end of a run
			at = at.Add(times[(calls/2-1)%len(times)] * time.Second)
		}
		return at
	}
	before := b.Counts()
	peak, err := b.Peak()
	if err != nil {
		t.Fatal(err)
	}
	if calls != 4*peakRuns || len(times) != peakRuns {
		t.Errorf("the clock was read %d times, want %d", calls, 4*peakRuns)
	}
	if n := b.Counts().Sub(before).Dispatches; n < 2*peakRuns {
		t.Errorf("%d dispatches, want at least %d", n, 2*peakRuns)
	}
	// 256 invocations, 128 flops a round, 16 groups, 4096 rounds in 2 s.
	if want := 256 * 128 * 16 * 4096 / 2.0; b.Software() && peak.FLOPS != want {
		t.Errorf("%v FLOP/s, want %v", peak.FLOPS, want)
	}
	if want := 8 * float64(4<<20) / 2; b.Software() && peak.Bytes != want {
		t.Errorf("%v bytes/s, want %v", peak.Bytes, want)
	}
	if peak.FLOPS <= 0 || peak.Bytes <= 0 {
		t.Error("nothing was measured")
	}
}

func TestLostContextSaysWhatToDo(t *testing.T) {
	wantError(t, lostContext(0x8253), "context is lost", "this program's work", "last checkpoint")
	wantError(t, lostContext(0x1234), "status 0x1234")
}
