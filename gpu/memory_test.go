//go:build cgo

package gpu

import (
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"glyph"
)

// Close gives all C memory back, whatever was queued, recorded or failed.
func TestCloseFreesCMemory(t *testing.T) {
	for name, use := range map[string]func(b *Backend){
		"nothing": func(*Backend) {},
		"work": func(b *Backend) {
			y, x := glyph.NewTensor(b, glyph.Shape{5}), glyph.NewTensor(b, glyph.Shape{5})
			b.Write(x, make([]float32, 5))
			for range 200 { // longer than a batch is at first
				b.Copy(y, x)
			}
			b.Free(x.Buf)
			b.Upload(make([]byte, 10))
		},
		"a record": func(b *Backend) {
			y, x := glyph.NewTensor(b, glyph.Shape{5}), glyph.NewTensor(b, glyph.Shape{5})
			b.Repeat(3, func() {
				for range 200 {
					b.Copy(y, x)
				}
			})
		},
		"a step that panicked": func(b *Backend) {
			x := glyph.NewTensor(b, glyph.Shape{5})
			defer func() { recover() }() //nolint:errcheck // the test's own
			b.Repeat(3, func() {
				b.Write(x, make([]float32, 5))
				panic("the step's own")
			})
		},
		"a failure": func(b *Backend) { b.fail(os.ErrInvalid); b.Alloc(7) },
	} {
		b := openToClose(t)
		if blocks, bytes := b.heap.size(); blocks < batchesInFlight || bytes < 1000 {
			t.Errorf("%s: only %d blocks of %d bytes are counted", name, blocks, bytes)
		}
		use(b)
		if err := b.Close(); err != nil && name != "a failure" {
			t.Errorf("%s: %v", name, err)
		}
		if blocks, bytes := b.heap.size(); blocks != 0 || bytes != 0 {
			t.Errorf("%s: %d blocks of %d bytes are left after Close", name, blocks, bytes)
		}
	}
}

// openToClose is open for a test that closes the Backend itself.
func openToClose(t *testing.T) *Backend {
	t.Helper()
	b, err := Open(Options{})
	if err != nil {
		open(t) // skips or fails
	}
	return b
}

// Memory that is allocated and freed a thousand times is the process's no more
// than once.
func TestFreedMemoryIsGivenBack(t *testing.T) {
	b := open(t)
	const megabyte = 1 << 20
	words := make([]int32, megabyte/4)
	round := func() {
		x, i, p := b.Alloc(megabyte/4), b.AllocInts(megabyte/4), b.Upload(make([]byte, 1000))
		b.WriteInts(i, words)
		b.Free(x, i, p)
	}
	round()
	if err := b.Sync(); err != nil {
		t.Fatal(err)
	}
	blocks, bytes := b.heap.size()
	before := resident(t)
	for range 1000 {
		round()
	}
	if err := b.Sync(); err != nil {
		t.Fatal(err)
	}
	if n, size := b.heap.size(); n != blocks || size != bytes {
		t.Errorf("%d blocks of %d bytes after 1000 rounds, %d of %d after one", n, size, blocks, bytes)
	}
	b.call(func() {
		if n := len(b.buffers); n != 1 || len(b.pool.free) != 1 { // the pool, in one piece
			t.Errorf("%d buffers are left, and the pool's memory is %v", n, b.pool.free)
		}
	})
	// 2,000 MB went by. zink keeps freed buffers for half a second and longer, for those to
	// come, up to an eighth of the memory (zink_bo_init).
	most := int64(200 * megabyte)
	if strings.HasPrefix(b.device.Renderer, "zink ") {
		most += b.device.Memory / 8
	}
	if grown := int64(resident(t) - before); grown > most {
		t.Errorf("the process has grown by %s", bytesText(grown))
	}
}

// OpenGL may give the name of a freed buffer to the next, which must then be
// bound again: what is known to be bound is forgotten with the buffer.
func TestFreedMemoryIsNotBound(t *testing.T) {
	b := open(t)
	own := glyph.Shape{pooledMost/4 + 1}
	y, x := glyph.NewTensor(b, own), glyph.NewTensor(b, own)
	b.Copy(y, x)
	name := b.memory(x.Buf).c.name
	bound := func() (found bool) {
		b.call(func() {
			for _, n := range b.state.bound_name {
				found = found || n == name
			}
		})
		return found
	}
	if !bound() {
		t.Fatal("a kernel's operand is not known to be bound")
	}
	b.Free(x.Buf)
	if bound() {
		t.Error("a freed buffer is taken for bound")
	}
}

// resident is the memory of the process.
func resident(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// Small buffers share a block: what is freed there is used again, as zeros, and pieces
// side by side become one.
func TestPool(t *testing.T) {
	b := open(t)
	whole := func() bool { return len(b.pool.free) == 1 && b.pool.free[0] == span{bindAlign, poolSize} }
	var list []glyph.Tensor
	for n := range 5 {
		x := glyph.NewTensor(b, glyph.Shape{100 + 100*n})
		b.Write(x, slices.Repeat([]float32{float32(n + 1)}, x.Size()))
		list = append(list, x)
	}
	for i, want := range [][]int{{1}, {1, 3}, {1, 3, 2}} { // alone, apart, and between both
		b.Free(list[want[i]].Buf)
		if got := len(b.pool.free) - 1; got != []int{1, 2, 1}[i] {
			t.Errorf("%v are freed: %d holes", want, got)
		}
	}
	again := glyph.NewTensor(b, glyph.Shape{200 + 300 + 400})
	if b.memory(again.Buf).at != bindAlign+512 {
		t.Error("a hole is not used")
	}
	for i, x := range []glyph.Tensor{list[0], again, list[4]} {
		got := make([]float32, x.Size())
		if err := b.Read(got, x); err != nil {
			t.Fatal(err)
		}
		if want := []float32{1, 0, 5}[i]; slices.Min(got) != want || slices.Max(got) != want {
			t.Errorf("tensor %d holds %v to %v, want %v", i, slices.Min(got), slices.Max(got), want)
		}
	}
	b.Free(list[0].Buf, again.Buf, list[4].Buf)
	if !whole() {
		t.Errorf("with everything freed %v are free", b.pool.free)
	}
	for range 2 * poolSize / pooledMost { // and where it is full, buffers have their own memory
		glyph.NewTensor(b, glyph.Shape{pooledMost / 4})
	}
	if len(b.buffers) < poolSize/pooledMost {
		t.Errorf("%d buffers", len(b.buffers))
	}
}
