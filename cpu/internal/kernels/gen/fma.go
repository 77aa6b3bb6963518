package main

import (
	"github.com/mmcloughlin/avo/reg"
)

// genFMA generates Kernels.FMA: 24 multiply-adds of vectors a round, in chains
// that do not wait for one another.
func genFMA(k kind) {
	k.Function("fma" + k.short())
	k.SignatureExpr("func(n int)")
	k.Doc("fma does 24·n multiply-adds of vectors in registers")
	n := k.Load(k.Param("n"), reg.RCX)
	chains := 12
	for i := range chains + 2 {
		if k.wide {
			k.VPXORD(k.vec(i), k.vec(i), k.vec(i))
		} else {
			k.VXORPS(k.vec(i), k.vec(i), k.vec(i))
		}
	}
	k.TESTQ(n, n)
	k.JLE(to("done"))
	k.Label("round")
	for i := range 24 {
		k.op("VFMADD231P$", k.vec(chains), k.vec(chains+1), k.vec(i%chains))
	}
	k.DECQ(n)
	k.JNZ(to("round"))
	k.Label("done")
	k.VZEROUPPER()
	k.RET()
}
