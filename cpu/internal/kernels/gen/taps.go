package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// taps generates kernels of the 3×3 convolution of images of one channel, whose
// nine taps are written out. Vectors lie along the outputs. The last of them is
// masked.
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
	t.tail = v == t.vecs-1
	return t.loadAt(m)
}

func (t *taps) storeVector(x reg.Register, m operand.Mem, v int) {
	t.tail = v == t.vecs-1
	t.storeAt(x, m)
}

// pixel is what tap i meets at an output position.
func (t *taps) pixel(offset reg.Register, i int) operand.Mem {
	return indexed(t.lines[i/3], offset, t.size, i%3*t.size)
}

// tapGrads is a generator of the gradients of the taps and of the bias.
type tapGrads struct {
	*taps
	relu   bool
	dy, y  reg.Register
	stride reg.Register // bytes of a row
	sums   [9][]reg.VecVirtual
	bias   [4][]reg.VecVirtual
}

// genTapGrads generates the gradients of so many vectors of outputs. It takes 32
// registers: AVX2 has not enough of them to read dy once.
func genTapGrads(k kind, vecs int, relu bool) {
	name, given := "tapGrads", ""
	if relu {
		name, given = "tapReLUGrads", " where y > 0"
	}
	k.Function(fmt.Sprintf("%s%d%s", name, vecs, k.short()))
	k.SignatureExpr(fmt.Sprintf("func(sums, bias, dy, y, x *%s, offsets *int, n, line, stride, columns int)", k.elem()))
	k.Doc(fmt.Sprintf("%s adds products of pixels with dy%s to nine rows of sums, and dy to four rows of bias in turn", name, given))
	t := &tapGrads{taps: newTaps(k, vecs), relu: relu}
	t.masked()
	t.dy = k.ptr("dy")
	if relu {
		t.y, t.zero = k.ptr("y"), k.nought()
	}
	t.stride = k.Load(k.Param("stride"), k.GP64())
	k.SHLQ(operand.Imm(k.shift()), t.stride)
	t.rows(func(row *[]reg.VecVirtual, m operand.Mem, v int) { *row = append(*row, t.vector(m, v)) })
	n := k.Load(k.Param("n"), k.GP64())
	k.SUBQ(operand.Imm(4), n)
	k.JL(to("few"))
	k.Label("four")
	for i := range 4 {
		t.position(i)
	}
	k.ADDQ(operand.Imm(32), t.offsets)
	k.SUBQ(operand.Imm(4), n)
	k.JGE(to("four"))
	k.Label("few")
	k.ADDQ(operand.Imm(4), n)
	for i := range 3 {
		k.SUBQ(operand.Imm(1), n)
		k.JL(to("summed"))
		t.position(i)
	}
	k.Label("summed")
	t.rows(func(row *[]reg.VecVirtual, m operand.Mem, v int) { t.storeVector((*row)[v], m, v) })
	k.VZEROUPPER()
	k.RET()
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
	all(t.ptr("sums"), t.sums[:])
	all(t.ptr("bias"), t.bias[:])
}

// position adds the products of an output position, which is number i of four.
func (t *tapGrads) position(i int) {
	offset := t.GP64()
	t.MOVQ(mem(t.offsets, 8*i), offset)
	dz := make([]reg.VecVirtual, t.vecs)
	for v := range dz {
		dz[v] = t.gradient(v)
		t.op("VADDP$", dz[v], t.bias[i][v], t.bias[i][v])
	}
	t.ADDQ(t.stride, t.dy)
	if t.relu {
		t.ADDQ(t.stride, t.y)
	}
	for tap := range t.sums {
		m := t.pixel(offset, tap)
		if t.vecs == 1 {
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
	positive, dz := t.K(), t.v()
	if v == t.vecs-1 {
		t.op("VCMPP$", operand.Imm(less), y, t.zero, t.mask, positive)
	} else {
		t.op("VCMPP$", operand.Imm(less), y, t.zero, positive)
	}
	t.op("VMOVUP$_Z", dy, positive, dz)
	return dz
}
