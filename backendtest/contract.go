package backendtest

import (
	"fmt"
	"slices"
	"strings"

	"glyph"
)

// Contract is what a backend promises beyond its operations: how long it and
// its memory live, and how it reports misuse. Check opens backends of its
// own, since most contracts end with a Close.
type Contract struct {
	Name  string
	Check func(open func() glyph.Backend) Report
}

// Contracts is the list of what holds for every method of glyph.Device, and of
// glyph.Operations after Close and Free.
func Contracts() (list []Contract) {
	add := func(name string, f func(open func() glyph.Backend, r *Report)) {
		list = append(list, Contract{name, func(open func() glyph.Backend) Report {
			return guarded(func(r *Report) { f(open, r) })
		}})
	}
	one := func(name string, f func(b glyph.Backend, r *Report)) {
		add(name, func(open func() glyph.Backend, r *Report) {
			b := open()
			f(b, r)
			if err := b.Close(); err != nil {
				r.failf("Close: %v", err)
			}
		})
	}
	one("transfers of wrong sizes", wrongTransfers)
	one("negative sizes", negativeSizes)
	one("what a repeated step may not do", withinRepeat)
	one("a step that panics", panickingStep)
	one("nothing to repeat", nothingToRepeat)
	one("memory after Free", afterFree)
	one("Free waits for what was asked", freeIsDeferred)
	one("memory is zeroed again", freedAndAllocated)
	one("a scope", scoped)
	add("memory of another backend", foreignMemory)
	add("a second Close", secondClose)
	add("use after Close", afterClose)
	return list
}

// panics reports unless f panics with a message that begins like that.
func (r *Report) panics(what, want string, f func()) {
	defer func() {
		if p := recover(); p == nil {
			r.failf("%s: does not panic, want %q", what, want)
		} else if s := fmt.Sprint(p); !strings.HasPrefix(s, want) {
			r.failf("%s: panics with %q, want %q", what, s, want)
		}
	}()
	f()
}

// What the shared checks say.
const (
	usedAfterClose = "glyph: the backend is used after Close"
	usedAfterFree  = "glyph: memory is used after Free"
	ofAnother      = "glyph: memory of another backend"
)

// calls is a call of every method of glyph.Device but Name and Close, on memory
// of the backend.
func calls(b glyph.Backend) map[string]func() {
	t, i, p := glyph.NewTensor(b, glyph.Shape{3}), b.AllocInts(2), b.Upload([]byte{1})
	return map[string]func(){
		"Alloc":     func() { b.Alloc(1) },
		"AllocInts": func() { b.AllocInts(1) },
		"Upload":    func() { b.Upload([]byte{1}) },
		"Free":      func() { b.Free(p) },
		"Write":     func() { b.Write(t, make([]float32, 3)) },
		"WriteInts": func() { b.WriteInts(i, make([]int32, 2)) },
		"Read":      func() { b.Read(make([]float32, 3), t) },
		"ReadInts":  func() { b.ReadInts(make([]int32, 2), i) },
		"Repeat":    func() { b.Repeat(1, func() {}) },
		"Sync":      func() { b.Sync() },
	}
}

func wrongTransfers(b glyph.Backend, r *Report) {
	t, i := glyph.NewTensor(b, glyph.Shape{3}), b.AllocInts(3)
	for _, n := range []int{0, 2, 4} {
		what := fmt.Sprintf("%d elements for 3", n)
		says := func(op, host, device string) string {
			return fmt.Sprintf("glyph: %s: %s has %d elements, want the 3 of %s", op, host, n, device)
		}
		r.panics(what, says("Write", "src", "dst"), func() { b.Write(t, make([]float32, n)) })
		r.panics(what, says("Read", "dst", "src"), func() { b.Read(make([]float32, n), t) })
		r.panics(what, says("WriteInts", "src", "dst"), func() { b.WriteInts(i, make([]int32, n)) })
		r.panics(what, says("ReadInts", "dst", "src"), func() { b.ReadInts(make([]int32, n), i) })
		if exact, ok := b.(glyph.Float64); ok {
			r.panics(what, says("Write", "src", "dst"), func() { exact.Write64(t, make([]float64, n)) })
			r.panics(what, says("Read", "dst", "src"), func() { exact.Read64(make([]float64, n), t) })
		}
	}
	for what, bad := range map[string]glyph.Tensor{
		"the zero Tensor":  {},
		"past the end":     {Buf: t.Buf, Off: 1, Shape: glyph.Shape{3}},
		"before the start": {Buf: t.Buf, Off: -1, Shape: glyph.Shape{3}},
		"a hole in shape":  {Buf: t.Buf, Shape: glyph.Shape{3, 0, 1}},
	} {
		r.panics(what, "glyph: Write: dst ", func() { b.Write(bad, make([]float32, 3)) })
		r.panics(what, "glyph: Read: src ", func() { b.Read(make([]float32, 3), bad) })
	}
	r.panics("nil", "glyph: WriteInts: dst is nil", func() { b.WriteInts(nil, nil) })
	r.panics("nil", "glyph: ReadInts: src is nil", func() { b.ReadInts(nil, nil) })
}

func negativeSizes(b glyph.Backend, r *Report) {
	r.panics("Alloc", "glyph: Alloc: n is -1", func() { b.Alloc(-1) })
	r.panics("AllocInts", "glyph: AllocInts: n is -1", func() { b.AllocInts(-1) })
	for _, m := range []glyph.Memory{b.Alloc(0), b.AllocInts(0), b.Upload(nil)} {
		if m.Len() != 0 {
			r.failf("%T of none has %d", m, m.Len())
		}
		b.Free(m)
	}
	none := b.AllocInts(0)
	b.WriteInts(none, nil)
	if err := b.ReadInts(nil, none); err != nil {
		r.failf("reading none: %v", err)
	}
}

// recordable is what a step may do beside operations.
var recordable = []string{"Write", "WriteInts", "Repeat"}

func withinRepeat(b glyph.Backend, r *Report) {
	forbidden := calls(b)
	forbidden["Close"] = func() { b.Close() }
	for name, call := range forbidden {
		if slices.Contains(recordable, name) {
			b.Repeat(2, call)
			continue
		}
		r.panics(name, "glyph: "+name+" within Repeat", func() { b.Repeat(2, call) })
		r.panics(name+" in a Repeat of a Repeat", "glyph: "+name+" within Repeat", func() {
			b.Repeat(1, func() {
				b.Repeat(1, func() {})
				call()
			})
		})
	}
}

// panickingStep: the panic of a step reaches the caller, what was recorded of it
// may run or not, and the backend stays usable.
func panickingStep(b glyph.Backend, r *Report) {
	t, u := glyph.NewTensor(b, glyph.Shape{2}), glyph.NewTensor(b, glyph.Shape{2})
	r.panics("step", "the step's own", func() {
		b.Repeat(2, func() {
			b.Copy(u, t)
			panic("the step's own")
		})
	})
	b.Write(t, []float32{3, 4})
	b.Repeat(2, func() { b.Copy(u, t) })
	if got := read(b, u); !slices.Equal(got, []float64{3, 4}) {
		r.failf("after a panic a step gives %v", got)
	}
}

func nothingToRepeat(b glyph.Backend, r *Report) {
	for _, n := range []int{0, -1} {
		b.Repeat(n, func() { r.failf("Repeat(%d) calls the step", n) })
	}
}

func secondClose(open func() glyph.Backend, r *Report) {
	b := open()
	name, first := b.Name(), b.Close()
	if second := b.Close(); second != first {
		r.failf("Close gives %v, and then %v", first, second)
	}
	if b.Name() != name {
		r.failf("the name is %q, and after Close %q", name, b.Name())
	}
}

func afterClose(open func() glyph.Backend, r *Report) {
	b := open()
	device, operations := calls(b), map[string]*placed{}
	for _, c := range oneEach() {
		operations[c.Op] = place(b, c, aligned, c.Values())
	}
	if err := b.Close(); err != nil {
		r.failf("Close: %v", err)
	}
	for name, call := range device {
		r.panics(name, usedAfterClose, call)
	}
	for op, p := range operations {
		r.panics(op, usedAfterClose, p.call)
	}
}
