package main

import (
	"fmt"
	"strings"
)

// chip is a GPU to compile for.
type chip struct {
	name  string
	about string
	dir   string   // of its programs, in the folder given
	shim  string   // the no-op device
	env   []string // what makes the driver take it, and talk
	parse func(lines []string) program
}

var chips = []chip{
	{"navi31", "AMD RDNA 3, ACO", "", amdShim, []string{"AMDGPU_GPU_ID=navi31", "AMD_DEBUG=useaco,cs,asm"}, parseAMD},
	{"navi21", "AMD RDNA 2, ACO", "", amdShim, []string{"AMDGPU_GPU_ID=navi21", "AMD_DEBUG=useaco,cs,asm"}, parseAMD},
	{"vega10", "AMD GCN 5, ACO", "", amdShim, []string{"AMDGPU_GPU_ID=vega10", "AMD_DEBUG=useaco,cs,asm"}, parseAMD},
	{"tgl", "Intel Gen12, Tiger Lake", "intel", intelShim, []string{"INTEL_STUB_GPU_PLATFORM=tgl", "INTEL_DEBUG=cs"}, parseIntel},
	{"skl", "Intel Gen9, Skylake", "intel", intelShim, []string{"INTEL_STUB_GPU_PLATFORM=skl", "INTEL_DEBUG=cs"}, parseIntel},
	{"nv168", "NVIDIA Turing, nouveau's compiler", "", nouveauShim, []string{"NOUVEAU_CHIPSET=168"}, parseNouveau},
}

const (
	amdShim     = "libamdgpu_noop_drm_shim.so"
	intelShim   = "libintel_noop_drm_shim.so"
	nouveauShim = "libnouveau_noop_drm_shim.so"
)

func chipOf(name string) (chip, error) {
	var known []string
	for _, c := range chips {
		if c.name == name {
			return c, nil
		}
		known = append(known, c.name)
	}
	return chip{}, fmt.Errorf("unknown chip %q; known are %s", name, strings.Join(known, ", "))
}

// program is what a driver said of a program; -1 where it does not say it.
type program struct {
	file   string
	failed string // what it said, if it does not compile

	registers int // of an invocation (AMD: vector registers)
	spills    int // registers that are kept in memory
	scratch   int // bytes of memory of an invocation
	waves     int // at a time on a SIMD (AMD)
	simd      int // invocations of an instruction (Intel)

	unrolled int // multiply-adds, where none is in a loop
	// Of the main loop: the innermost with the most multiply-adds.
	fma, instructions int
	multiplyHigh      int // index divisions that stay in the loop
	narrow            int // loads from shared memory of less than four numbers
	// Of the loop around it.
	loads    int // from memory
	inFlight int // of them, before the first is waited for
}

// unknown is a program of which nothing is known.
func unknown() program {
	return program{registers: -1, scratch: -1, waves: -1, simd: -1, multiplyHigh: -1, narrow: -1, loads: -1, inFlight: -1}
}

// share is the multiply-adds among the instructions of the main loop.
func (p program) share() float64 { return float64(p.fma) / float64(max(p.instructions, 1)) }

// kernel is the file of package shaders that the program is made from.
func (p program) kernel() string {
	name, _, _ := strings.Cut(p.file, "-")
	return name
}
