package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// layout is how the operands of a case are placed in buffers.
type layout struct {
	name string
	// start is where the next operand begins when end elements are taken; own
	// gives each operand a buffer to itself instead.
	start func(end int) int
	own   bool
	// guard is what lies between operands. A finite one shows every write that
	// strays, a NaN every read that does.
	guard float64
}

var (
	aligned = layout{"aligned", func(end int) int { return glyph.AlignUp(end+1) + glyph.Align }, false, -0x1.8p100}
	odd     = layout{"odd offsets", func(end int) int { return (end + 9) | 1 }, false, math.NaN()}
	apart   = layout{"own buffers", nil, true, 0}
)

// tailGuard is the guard cells after the last operand: a row of the widest
// tile that a backend may use.
const tailGuard = 256

// placed is a case's operands on a backend.
type placed struct {
	b      glyph.Backend
	c      *Case
	args   Args
	layout layout
	images []image // of each float buffer, what the harness wrote there
}

// image is the host's copy of a buffer's first elements.
type image struct {
	tensor glyph.Tensor
	data   []float32
	result []bool // which elements the operation may change
}

// place allocates the operands of c and writes the inputs; results hold NaN.
func place(b glyph.Backend, c *Case, l layout, in Values) *placed {
	p := &placed{b: b, c: c, layout: l, args: Args{
		map[string]glyph.Tensor{}, map[string]glyph.Ints{}, map[string]glyph.Bytes{},
	}}
	end, offs := 0, make([]int, len(c.Tensors))
	for i, o := range c.Tensors {
		if !l.own {
			offs[i] = l.start(end)
		}
		end = offs[i] + o.Shape.Size()
		if l.own {
			p.images = append(p.images, newImage(b, end, l.guard))
		}
	}
	if !l.own && len(c.Tensors) > 0 {
		p.images = []image{newImage(b, end+tailGuard, l.guard)}
	}
	for i, o := range c.Tensors {
		im := &p.images[0]
		if l.own {
			im = &p.images[i]
		}
		p.args.Tensor[o.Name] = glyph.Tensor{Buf: im.tensor.Buf, Off: offs[i], Shape: o.Shape}
		im.lay(o, offs[i], in.Tensor[o.Name])
	}
	for _, o := range c.Ints {
		p.args.Ints[o.Name] = b.AllocInts(len(o.Values))
	}
	for _, o := range c.Bytes {
		p.args.Bytes[o.Name] = b.Upload(in.Bytes[o.Name])
	}
	p.restore(in)
	return p
}

func newImage(b glyph.Backend, n int, guard float64) image {
	im := image{data: make([]float32, n), result: make([]bool, n)}
	im.tensor = glyph.NewTensor(b, glyph.Shape{n})
	for i := range im.data {
		im.data[i] = float32(guard)
	}
	return im
}

func (im *image) lay(o Operand, off int, values []float64) {
	for i := range o.Shape.Size() {
		if o.Fill == nil {
			im.data[off+i] = float32(math.NaN())
		} else {
			im.data[off+i] = float32(values[i])
		}
		im.result[off+i] = o.Result
	}
}

// restore writes everything as it is before the operation.
func (p *placed) restore(in Values) {
	for _, im := range p.images {
		p.b.Write(im.tensor, im.data)
	}
	for _, o := range p.c.Ints {
		p.b.WriteInts(p.args.Ints[o.Name], in.Ints[o.Name])
	}
}

// free gives the memory of all operands back.
func (p *placed) free() {
	if !p.layout.own {
		p.b.Free(p.images[0].tensor.Buf)
	}
	for _, m := range p.args.memories() {
		if _, shared := m.(glyph.Buffer); p.layout.own || !shared {
			p.b.Free(m)
		}
	}
}

// call asks for the operation.
func (p *placed) call() { p.c.Call(p.b, p.args) }

// read is the values of an operand after the operation.
func (p *placed) read(name string) []float64 { return read(p.b, p.args.Tensor[name]) }

// write replaces the values of an operand without rounding them.
func (p *placed) write(name string, values []float64) { write(p.b, p.args.Tensor[name], values) }

// strays lists what the operation changed besides its results.
func (p *placed) strays(in Values) (bad []string) {
	for _, im := range p.images {
		got := read(p.b, im.tensor)
		for i, v := range got {
			if was := float64(im.data[i]); !im.result[i] && share(v, was, 0) != 0 {
				bad = append(bad, fmt.Sprintf("%s: %s was %g and is %g", p.layout.name, p.where(im.tensor.Buf, i), was, v))
				break
			}
		}
	}
	for _, o := range p.c.Ints {
		if got := readInts(p.b, p.args.Ints[o.Name]); !o.Result && !equalInts(got, in.Ints[o.Name]) {
			bad = append(bad, fmt.Sprintf("%s: %s was %v and is %v", p.layout.name, o.Name, in.Ints[o.Name], got))
		}
	}
	return bad
}

// where names element i of a buffer by the operand it belongs to or follows.
func (p *placed) where(buf glyph.Buffer, i int) string {
	name, at := "the guard cell", i
	for _, o := range p.c.Tensors {
		t := p.args.Tensor[o.Name]
		if t.Buf != buf || i < t.Off {
			continue
		}
		if i < t.Off+t.Size() {
			return fmt.Sprintf("%s[%d]", o.Name, i-t.Off)
		}
		name, at = "the guard cell after "+o.Name, i-t.Off-t.Size()
	}
	return fmt.Sprintf("%s [%d]", name, at)
}

// deviceError is the panic of read in place of an error: the harness turns it
// into a failure.
type deviceError struct{ error }

// read is the values of a tensor, exactly where the backend can.
func read(b glyph.Backend, t glyph.Tensor) []float64 {
	values := make([]float64, t.Size())
	if exact, ok := b.(glyph.Float64); ok {
		if err := exact.Read64(values, t); err != nil {
			panic(deviceError{err})
		}
		return values
	}
	rounded := make([]float32, t.Size())
	if err := b.Read(rounded, t); err != nil {
		panic(deviceError{err})
	}
	for i, v := range rounded {
		values[i] = float64(v)
	}
	return values
}

// write is the inverse of read.
func write(b glyph.Backend, t glyph.Tensor, values []float64) {
	if exact, ok := b.(glyph.Float64); ok {
		exact.Write64(t, values)
		return
	}
	rounded := make([]float32, len(values))
	for i, v := range values {
		rounded[i] = float32(v)
	}
	b.Write(t, rounded)
}

func readInts(b glyph.Backend, i glyph.Ints) []int32 {
	values := make([]int32, i.Len())
	if err := b.ReadInts(values, i); err != nil {
		panic(deviceError{err})
	}
	return values
}

// roundoff is the u that a backend is held to.
func roundoff(b glyph.Backend) float64 {
	if _, ok := b.(glyph.Float64); ok {
		return U64
	}
	return U32
}
