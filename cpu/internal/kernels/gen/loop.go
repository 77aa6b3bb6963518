package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// loop is an element-wise kernel in the making: its body is written out for
// whole vectors and once more for the rest, under a mask.
type loop struct {
	kind
	at   reg.Register // bytes from the arrays' beginnings
	tail bool
	mask reg.Register // of the rest: an opmask or a vector
	zero reg.VecVirtual

	arrays map[string]reg.Register // addresses of the parameters that are arrays
}

// Predicates of comparisons.
const (
	equal     = 0x00
	less      = 0x11
	unordered = 0x03
	greater   = 0x1e
)

// elements generates a kernel whose arrays, pointers with n elements each, are
// worked through vector by vector.
func (k kind) elements(name, sig, doc string, body func(l *loop)) {
	k.Function(name + k.short())
	k.SignatureExpr(fmt.Sprintf(sig, k.elem()))
	k.Doc(doc)
	l := &loop{kind: k, at: k.GP64(), zero: k.nought(), arrays: map[string]reg.Register{}}
	names, _, _ := strings.Cut(strings.TrimPrefix(sig, "func("), " *")
	for _, array := range strings.Split(names, ", ") {
		l.arrays[array] = k.ptr(array)
	}
	k.XORQ(l.at, l.at)
	l.run("", k.Load(k.Param("n"), k.GP64()), body)
	k.VZEROUPPER()
	k.RET()
}

// run is the loop itself over n elements; n is lost.
func (l *loop) run(label string, n reg.Register, body func(l *loop)) {
	lanes := operand.Imm(uint64(l.lanes()))
	l.SUBQ(lanes, n)
	l.JL(to("rest" + label))
	l.Label("vectors" + label)
	body(l)
	l.ADDQ(operand.Imm(uint64(l.vecBytes())), l.at)
	l.SUBQ(lanes, n)
	l.JGE(to("vectors" + label))
	l.Label("rest" + label)
	l.ADDQ(lanes, n)
	l.JZ(to("end" + label))
	l.setMask(n)
	l.tail = true
	body(l)
	l.tail = false
	l.Label("end" + label)
}

// setMask makes the mask of the first n elements.
func (l *loop) setMask(n reg.Register) {
	if l.wide {
		one := l.GP64()
		l.MOVQ(n, reg.RCX)
		l.MOVQ(operand.U32(1), one)
		l.SHLQ(reg.CL, one)
		l.DECQ(one)
		m := l.K()
		l.KMOVW(one.As32(), m)
		l.mask = m
		return
	}
	address, m := l.GP64(), l.YMM()
	l.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol("window"), l.vecBytes()), address)
	bytes := l.GP64()
	l.MOVQ(n, bytes)
	l.SHLQ(operand.Imm(l.shift()), bytes)
	l.SUBQ(bytes, address)
	l.VMOVUPS(mem(address, 0), m)
	l.mask = m
}

// v is a new vector register, and nought one that is zero.
func (k kind) v() reg.VecVirtual {
	if k.wide {
		return k.ZMM()
	}
	return k.YMM()
}

func (k kind) nought() reg.VecVirtual {
	v := k.v()
	if k.wide {
		k.VPXORD(v, v, v)
	} else {
		k.VXORPS(v, v, v)
	}
	return v
}

// ptr is the parameter of that name in a register.
func (k kind) ptr(name string) reg.Register { return k.Load(k.Param(name), k.GP64()) }

// array is the current elements of an array, and keep stores them.
func (l *loop) array(name string) reg.VecVirtual { return l.load(l.arrays[name]) }

func (l *loop) keep(v reg.Register, name string) { l.store(v, l.arrays[name]) }

// load and store move the current elements at an address.
func (l *loop) load(base reg.Register) reg.VecVirtual { return l.loadAt(indexed(base, l.at, 1, 0)) }

func (l *loop) loadAt(m operand.Mem) reg.VecVirtual {
	v := l.v()
	switch {
	case !l.tail:
		l.op("VMOVUP$", m, v)
	case l.wide:
		l.op("VMOVUP$_Z", m, l.mask, v)
	default:
		l.op("VMASKMOVP$", m, l.mask, v)
	}
	return v
}

func (l *loop) store(v reg.Register, base reg.Register) { l.storeAt(v, indexed(base, l.at, 1, 0)) }

func (l *loop) storeAt(v reg.Register, m operand.Mem) {
	switch {
	case !l.tail:
		l.op("VMOVUP$", v, m)
	case l.wide:
		l.op("VMOVUP$", v, l.mask, m)
	default:
		l.op("VMASKMOVP$", v, l.mask, m)
	}
}

// same is a copy of a.
func (k kind) same(a reg.Register) reg.VecVirtual {
	v := k.v()
	k.op("VMOVAP$", a, v)
	return v
}

// scalar is a parameter in all lanes.
func (l *loop) scalar(name string) reg.VecVirtual {
	address, err := l.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	v := l.v()
	l.op("VBROADCASTS$", address.Addr, v)
	return v
}

// constants are those of the file in the making, by value.
var constants = map[string]operand.Mem{}

// number is a constant in all lanes.
func (k kind) number(x float64) reg.VecVirtual {
	if k.size == 4 {
		return k.bits(uint64(math.Float32bits(float32(x))))
	}
	return k.bits(math.Float64bits(x))
}

// bits is a pattern of as many bits as a number has, in all lanes.
func (k kind) bits(pattern uint64) reg.VecVirtual {
	name := fmt.Sprintf("c%s_%x", k.short(), pattern)
	address, known := constants[name]
	if !known {
		address = k.StaticGlobal(name)
		k.DataAttributes(attr.RODATA | attr.NOPTR)
		if k.size == 4 {
			k.AddDatum(0, operand.U32(pattern))
		} else {
			k.AddDatum(0, operand.U64(pattern))
		}
		constants[name] = address
	}
	v := k.v()
	k.op("VBROADCASTS$", address, v)
	return v
}

// two emits an instruction of two operands and a result; a and b in the order
// of Intel's manual, so that a-b is two("VSUBP$", a, b).
func (k kind) two(name string, a, b reg.Register) reg.VecVirtual {
	v := k.v()
	k.op(name, b, a, v)
	return v
}

func (k kind) add(a, b reg.Register) reg.VecVirtual { return k.two("VADDP$", a, b) }
func (k kind) sub(a, b reg.Register) reg.VecVirtual { return k.two("VSUBP$", a, b) }
func (k kind) mul(a, b reg.Register) reg.VecVirtual { return k.two("VMULP$", a, b) }
func (k kind) div(a, b reg.Register) reg.VecVirtual { return k.two("VDIVP$", a, b) }

// fma is a·b + c and fnma c - a·b, in the register of c.
func (k kind) fma(a, b reg.Register, c reg.VecVirtual) reg.VecVirtual {
	k.op("VFMADD231P$", b, a, c)
	return c
}

func (k kind) fnma(a, b reg.Register, c reg.VecVirtual) reg.VecVirtual {
	k.op("VFNMADD231P$", b, a, c)
	return c
}

func (k kind) sqrt(a reg.Register) reg.VecVirtual {
	v := k.v()
	k.op("VSQRTP$", a, v)
	return v
}

// logic emits a bitwise operation: AND, ANDN (of the complement of a), OR, XOR.
func (k kind) logic(name string, a, b reg.Register) reg.VecVirtual {
	return k.two("V"+name+"P$", a, b)
}

// compare is where a stands to b as the predicate says: an opmask or a vector.
func (k kind) compare(predicate uint64, a, b reg.Register) reg.Register {
	var m reg.Register
	if k.wide {
		m = k.K()
	} else {
		m = k.YMM()
	}
	k.op("VCMPP$", operand.Imm(predicate), b, a, m)
	return m
}

// pick is yes where the mask is set, and no elsewhere.
func (k kind) pick(mask, yes, no reg.Register) reg.VecVirtual {
	v := k.v()
	if k.wide {
		k.op("VBLENDMP$", yes, no, mask, v)
	} else {
		k.op("VBLENDVP$", mask, yes, no, v)
	}
	return v
}
