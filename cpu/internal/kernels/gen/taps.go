package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// taps generates kernels of the 3×3 convolution of images of one channel, whose
// nine taps are written out. Vectors lie along the outputs. The last of them is
// masked, but two are whole with AVX2, whose masked stores are slow.
type taps struct {
	*loop
	vecs    int
	offsets reg.Register
	lines   [3]reg.Register // the lines that the taps of output position 0 meet
}

// newTaps loads the parameters x, line and offsets.
func newTaps(k kind, vecs int) *taps {
	t := &taps{loop: &loop{kind: k}, vecs: vecs}
	t.lines[0] = k.ptr("x")
	line := k.Load(k.Param("line"), k.GP64())
	for r := 1; r < 3; r++ {
		t.lines[r] = k.GP64()
		k.LEAQ(indexed(t.lines[r-1], line, k.size, 0), t.lines[r])
	}
	t.offsets = k.ptr("offsets")
	return t
}

// masked makes the mask of the last vector from the parameter columns.
func (t *taps) masked() {
	columns := t.Load(t.Param("columns"), t.GP64())
	if t.vecs > 1 {
		t.SUBQ(operand.Imm(uint64((t.vecs-1)*t.lanes())), columns)
	}
	t.setMask(columns)
}

// vector moves vector v of a row at m: masked where it is the last.
func (t *taps) vector(m operand.Mem, v int) reg.VecVirtual {
	t.tail = v == t.vecs-1 && (t.wide || t.vecs == 1)
	return t.loadAt(m)
}

func (t *taps) storeVector(x reg.Register, m operand.Mem, v int) {
	t.tail = v == t.vecs-1 && (t.wide || t.vecs == 1)
	t.storeAt(x, m)
}

// pixel is what tap i meets at an output position.
func (t *taps) pixel(offset reg.Register, i int) operand.Mem {
	return indexed(t.lines[i/3], offset, t.size, i%3*t.size)
}

// tapGrads is a generator of the gradients of some of the taps and, where it is
// fused, of the bias.
type tapGrads struct {
	*taps
	fused, relu bool
	dy, y, dz   reg.Register
	stride      reg.Register // bytes of a row
	ahead       reg.Register // what to have in the cache soon
	first       int          // tap
	sums        [][]reg.VecVirtual
	bias        [][]reg.VecVirtual
}

// genAllTapGrads generates the gradients of taps. AVX-512 has registers for all
// that comes of a vector or two of dy: it is read once, on the way from dy to dz.
// With AVX2 two vectors have registers for five taps: dz of a few positions is
// kept for the others, and what comes next is fetched meanwhile.
func genAllTapGrads(k kind) {
	if k.wide {
		for vecs := 1; vecs <= 2; vecs++ {
			genTapGrads(k, "tapGrads", "products of pixels with dy to nine rows of sums, and dy to four rows of bias in turn", vecs, 0, 9)
			genTapGrads(k, "tapReLUGrads", "the same where y > 0", vecs, 0, 9)
		}
		return
	}
	genTapGrads(k, "allTapSums", "products of pixels with dy to nine rows of sums", 1, 0, 9)
	genTapGrads(k, "lowTapSums", "products of the first five pixels with dy to five rows of sums", 2, 0, 5)
	genTapGrads(k, "lowTapReLUSums", "the same with dz = dy where y > 0, which it keeps,", 2, 0, 5)
	genTapGrads(k, "highTapSums", "products of the other pixels with dy to four rows of sums", 2, 5, 9)
}

// genTapGrads generates the gradients of taps for so many vectors of outputs.
func genTapGrads(k kind, name, doc string, vecs, first, last int) {
	t := &tapGrads{fused: k.wide, relu: strings.Contains(name, "ReLU"), first: first}
	t.sums = make([][]reg.VecVirtual, last-first)
	parameters := "sums, dy, x, y, dz *%s, offsets *int, n, line, stride, columns int, ahead *byte"
	full := name
	if t.fused {
		t.bias = make([][]reg.VecVirtual, 4)
		parameters = "sums, bias, dy, y, x *%s, offsets *int, n, line, stride, columns int"
		full = fmt.Sprint(name, vecs)
	}
	k.Function(full + k.short())
	k.SignatureExpr("func(" + fmt.Sprintf(parameters, k.elem()) + ")")
	k.Doc(full + " adds " + doc)
	t.taps = newTaps(k, vecs)
	if k.wide || vecs == 1 {
		t.masked()
	}
	t.dy = k.ptr("dy")
	if t.relu {
		t.y, t.zero = k.ptr("y"), k.nought()
	}
	if !t.fused {
		t.ahead = k.ptr("ahead")
		if t.relu {
			t.dz = k.ptr("dz")
		}
	}
	t.stride = k.Load(k.Param("stride"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), t.stride)
	t.rows(func(row *[]reg.VecVirtual, m operand.Mem, v int) { *row = append(*row, t.vector(m, v)) })
	t.positions()
	t.rows(func(row *[]reg.VecVirtual, m operand.Mem, v int) { t.storeVector((*row)[v], m, v) })
	k.VZEROUPPER()
	k.RET()
}

// positions is the loop over output positions.
func (t *tapGrads) positions() {
	n := t.Load(t.Param("n"), t.GP64())
	t.SUBQ(operand.Imm(4), n)
	t.JL(to("few"))
	t.Label("four")
	for i := range 4 {
		t.position(i)
	}
	t.ADDQ(operand.Imm(32), t.offsets)
	t.SUBQ(operand.Imm(4), n)
	t.JGE(to("four"))
	t.Label("few")
	t.ADDQ(operand.Imm(4), n)
	for i := range 3 {
		t.SUBQ(operand.Imm(1), n)
		t.JL(to("summed"))
		t.position(i)
	}
	t.Label("summed")
}

// rows calls f for each vector of the sums, and of the bias's.
func (t *tapGrads) rows(f func(row *[]reg.VecVirtual, m operand.Mem, v int)) {
	all := func(at reg.Register, rows [][]reg.VecVirtual) {
		for i := range rows {
			for v := range t.vecs {
				f(&rows[i], mem(at, v*t.vecBytes()), v)
			}
			t.ADDQ(t.stride, at)
		}
	}
	all(t.ptr("sums"), t.sums)
	if t.fused {
		all(t.ptr("bias"), t.bias)
	}
}

// position adds the products of an output position, which is number i of four.
func (t *tapGrads) position(i int) {
	offset := t.GP64()
	t.MOVQ(mem(t.offsets, 8*i), offset)
	dz := make([]reg.VecVirtual, t.vecs)
	for v := range dz {
		dz[v] = t.gradient(v)
		if t.fused {
			t.op("VADDP$", dz[v], t.bias[i][v], t.bias[i][v])
		} else if t.relu {
			t.storeVector(dz[v], mem(t.dz, v*t.vecBytes()), v)
		}
	}
	if !t.fused {
		t.PREFETCHT0(mem(t.ahead, 0))
		t.ADDQ(operand.Imm(64), t.ahead)
	}
	t.ADDQ(t.stride, t.dy)
	if t.relu {
		t.ADDQ(t.stride, t.y)
	}
	if t.dz != nil {
		t.ADDQ(t.stride, t.dz)
	}
	for tap := range t.sums {
		m := t.pixel(offset, t.first+tap)
		if t.wide && t.vecs == 1 {
			t.op("VFMADD231P$_BCST", m, dz[0], t.sums[tap][0])
			continue
		}
		x := t.v()
		t.op("VBROADCASTS$", m, x)
		for v := range dz {
			t.fma(x, dz[v], t.sums[tap][v])
		}
	}
}

// gradient is vector v of dz.
func (t *tapGrads) gradient(v int) reg.VecVirtual {
	dy, y := mem(t.dy, v*t.vecBytes()), mem(t.y, v*t.vecBytes())
	if !t.relu {
		return t.vector(dy, v)
	}
	if !t.wide {
		above := t.vector(y, v)
		t.op("VCMPP$", operand.Imm(greater), t.zero, above, above)
		dz := t.vector(dy, v)
		t.op("VANDP$", dz, above, dz)
		return dz
	}
	positive, dz := t.K(), t.v()
	if v == t.vecs-1 {
		t.op("VCMPP$", operand.Imm(less), y, t.zero, t.mask, positive)
	} else {
		t.op("VCMPP$", operand.Imm(less), y, t.zero, positive)
	}
	t.op("VMOVUP$_Z", dy, positive, dz)
	return dz
}
