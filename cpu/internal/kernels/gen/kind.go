package main

import (
	"fmt"
	"reflect"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kind is an instruction set and a type of number: what a kernel is generated
// for.
type kind struct {
	*build.Context
	wide bool // AVX-512, else AVX2 with FMA
	size int  // bytes of a number
}

// shift is the logarithm of size.
func (k kind) shift() uint64 {
	if k.size == 8 {
		return 3
	}
	return 2
}

func (k kind) lanes() int { return k.vecBytes() / k.size }

func (k kind) vecBytes() int {
	if k.wide {
		return 64
	}
	return 32
}

// vec is vector register i.
func (k kind) vec(i int) reg.VecPhysical {
	if k.wide {
		return []reg.VecPhysical{
			reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10,
			reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15, reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21,
			reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
		}[i]
	}
	return []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	}[i]
}

// elem is the type of number in Go, and short how names of functions end.
func (k kind) elem() string { return fmt.Sprintf("float%d", 8*k.size) }

func (k kind) isa() string {
	if k.wide {
		return "AVX512"
	}
	return "AVX2"
}

func (k kind) short() string { return fmt.Sprintf("%sF%d", k.isa(), 8*k.size) }

// op emits an instruction by name. A $ in the name is S for float32 and D for
// float64.
func (k kind) op(name string, ops ...operand.Op) {
	letter := "S"
	if k.size == 8 {
		letter = "D"
	}
	full := ""
	for _, c := range name {
		if c == '$' {
			full += letter
		} else {
			full += string(c)
		}
	}
	method := reflect.ValueOf(k.Context).MethodByName(full)
	if !method.IsValid() {
		panic("no instruction " + full)
	}
	in := make([]reflect.Value, len(ops))
	for i, o := range ops {
		in[i] = reflect.ValueOf(o)
	}
	method.Call(in)
}

func mem(base reg.Register, disp int) operand.Mem { return operand.Mem{Base: base, Disp: disp} }

func indexed(base, index reg.Register, scale, disp int) operand.Mem {
	return operand.Mem{Base: base, Index: index, Scale: uint8(scale), Disp: disp}
}

// label makes names of labels that differ from function to function only where
// they must: the assembler keeps them local.
func to(name string) operand.LabelRef { return operand.LabelRef(name) }

// data declares the constants that kernels load.
func (k kind) data() {
	if k.wide {
		return
	}
	k.StaticGlobal("window")
	k.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 8 {
		v := operand.U64(0)
		if i < 4 {
			v = 1<<64 - 1
		}
		k.AddDatum(8*i, v)
	}
}
