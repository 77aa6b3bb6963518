package main

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// Listings in the form in which the drivers of Mesa 25 print them.
const (
	amdListing = `Compute Shader:
 BB0:
	s_load_dwordx4 s[4:7], s[2:3], 0x200                        ; c00a0101 00000200
	v_mac_f32_e32 v1, v2, v3                                    ; 2c020702
BB1:
	buffer_load_dwordx4 v[8:11], v7, s[8:11], 0 offen           ; e05c1000 80020807
	buffer_load_dwordx4 v[12:15], v7, s[8:11], 0 offen          ; e05c1000 80020c07
	s_waitcnt vmcnt(1)                                          ; bf8c0f71
	buffer_load_dword v16, v7, s[8:11], 0 offen                 ; e0501000 80021007
	s_waitcnt vmcnt(0) lgkmcnt(0)                               ; bf8c0070
BB2:
	ds_read_b32 v20, v21                                        ; d86c0000 14000015
	v_mul_hi_u32 v22, v23, v24                                  ; d2860016 00023117
	v_fmac_f32_e32 v1, v2, v3                                   ; 56020702
	v_dual_fmac_f32 v4, v5, v6 :: v_dual_fmac_f32 v7, v8, v9    ; c8000d05 04061308
	s_cbranch_scc1 BB2                                          ; bf850000
	s_cbranch_scc0 BB1                                          ; bf840000
	s_endpgm                                                    ; bf810000
note: 	v_fmac_f32_e32 v1, v2, v3                             ; 56020702
note: Shader Stats: SGPRS: 64 VGPRS: 96 Code Size: 17352 LDS: 9 Scratch: 8 Max Waves: 3 Spilled SGPRs: 1 Spilled VGPRs: 2 PrivMem VGPRs: 0 (CS, W64)
note: Shader Stats: SGPRS: 16 VGPRS: 16 Code Size: 52 LDS: 0 Scratch: 0 Max Waves: 10 Spilled SGPRs: 0 Spilled VGPRs: 0 (PS, W64)`
	intelListing = `SIMD8 shader: 12 instructions. 1 loops. 90 cycles. 0:0 spills:fills, 4 sends
mad(8)          g1<1>F  g2<8,8,1>F  g3<8,8,1>F { align16 1Q };
SIMD16 shader: 24 instructions. 1 loops. 99 cycles. 1:2 spills:fills, 4 sends
mov(8)          g57<1>UD        0x00000000UD                    { align1 WE_all 1Q };

LABEL2:
mad(16)         g1<1>F  g2<8,8,1>F  g3<8,8,1>F { align16 1H };
send(16)        g18UD           g57UD           nullUD          0x02184200                0x00000000
                            dp data 1 MsgDesc: (untyped surface read) { align1 1H @1 $0 };
(+f0.0) break(16)       JIP:  LABEL3         UIP:  LABEL3             { align1 1H };
while(16)       JIP:  LABEL2                                  { align1 1H };
   END B6
SIMD32 CS compile failed: Failure to register allocate.`
	nouveauListing = `note: type: 4, local: 64, shared: 0, gpr: 6, inst: 5, bytes: 80
note: type: 5, local: 16, shared: 4612, gpr: 73, inst: 4898, bytes: 78368`
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		listing string
		want    program
	}{
		"vega10": {amdListing, program{registers: 96, spills: 3, scratch: 8, waves: 3, simd: -1, fma: 3, instructions: 6, multiplyHigh: 1, narrow: 1, loads: 3, inFlight: 2}},
		"tgl":    {intelListing, program{registers: -1, spills: 3, scratch: -1, waves: -1, simd: 16, fma: 1, instructions: 4, multiplyHigh: -1, narrow: -1, loads: -1, inFlight: -1}},
		"nv168":  {nouveauListing, program{registers: 73, scratch: 16, waves: -1, simd: -1, multiplyHigh: -1, narrow: -1, loads: -1, inFlight: -1}},
	} {
		chip, err := chipOf(name)
		if err != nil {
			t.Fatal(err)
		}
		text := "DEVICE " + name + "\nPROGRAM dense-1.comp\n" + c.listing + "\nDONE dense-1.comp\nPROGRAM copy-1.comp\nlog: no\nFAILED copy-1.comp\n"
		list, err := read(strings.NewReader(text), chip)
		if err != nil || len(list) != 2 || list[1].failed != "log: no" {
			t.Fatalf("%s: %+v, %v", name, list, err)
		}
		c.want.file = "dense-1.comp"
		if list[0] != c.want {
			t.Errorf("%s:\n%+v, want\n%+v", name, list[0], c.want)
		}
		var out bytes.Buffer
		for _, all := range []bool{false, true} {
			report(&out, chip, list, all)
		}
		if !strings.Contains(out.String(), "| dense | 1 | 1 |") || !strings.Contains(out.String(), "| dense-1 | 1 | 1 |") {
			t.Errorf("%s:\n%s", name, &out)
		}
	}
	if _, err := read(strings.NewReader("NONE EGL has no device\n"), chips[0]); err == nil || err.Error() != "EGL has no device" {
		t.Errorf("no device: %v", err)
	}
}

// Each limit is missed by one program alone, and a good one misses none.
func TestFaults(t *testing.T) {
	good := program{file: "dense-1.comp", registers: 80, waves: 4, simd: -1, fma: 512, instructions: 700, loads: 8, inFlight: 4}
	intel := good
	intel.simd, intel.loads, intel.inFlight = 16, -1, -1
	for want, change := range map[string]func() program{
		"":                   func() program { return good },
		" ":                  func() program { return intel },
		"does not compile":   func() program { p := good; p.failed = "log: no"; return p },
		"spills 1":           func() program { p := good; p.spills = 1; return p },
		"4 bytes of scratch": func() program { p := good; p.scratch = 4; return p },
		"SIMD8, want SIMD16": func() program { p := intel; p.simd = 8; return p },
		"59 % of the main":   func() program { p := good; p.instructions = 512 * 100 / 59; return p },
		"54 % of the main":   func() program { p := intel; p.instructions = 512 * 100 / 54; return p },
		"unrolled whole":     func() program { p := good; p.fma, p.unrolled = 0, unrolledFMAs+1; return p },
		"3 of 8 loads are":   func() program { p := good; p.inFlight = 3; return p },
		"1 of 2 loads are":   func() program { p := good; p.inFlight, p.loads = 1, 2; return p },
	} {
		p := change()
		got := p.faults(chips[0])
		if strings.TrimSpace(want) == "" && len(got) > 0 || strings.TrimSpace(want) != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
			t.Errorf("%+v: %q, want %q", p, got, want)
		}
	}
	if l := limitOf("softmax"); l.kernel != "" || l.simd == 0 {
		t.Errorf("softmax is held to %+v", l)
	}
}

// The last line says how many faults there are, or that there are none.
func TestVerdict(t *testing.T) {
	bad := make([]string, 22)
	for want, list := range map[string][]string{
		"all 7 programs for tgl,skl are within the limits\n": nil,
		"22 faults in 7 programs for tgl,skl":                bad,
	} {
		var out bytes.Buffer
		err := verdict(&out, list, 7, "tgl,skl", false)
		if err == nil && out.String() != want || err != nil && (err.Error() != want || !strings.HasSuffix(out.String(), "and 2 more, which -all lists\n")) {
			t.Errorf("%v\n%s, want %q", err, &out, want)
		}
	}
}

// Intel's chips compile the programs that an Intel GPU is given, and no others do.
func TestChipsHaveTheirPrograms(t *testing.T) {
	for _, c := range chips {
		if (c.dir == "intel") != (c.shim == intelShim) {
			t.Errorf("%s compiles the programs in %q", c.name, c.dir)
		}
	}
}

func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	for want, args := range map[string][]string{
		"want one folder": {}, "has no such programs": {dir}, "-match": {"-match", "(", dir},
	} {
		if err := run(t.Context(), args, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", args, err, want)
		}
	}
	if _, err := chipOf("gtx"); err == nil || !strings.Contains(err.Error(), "known are navi31") {
		t.Errorf("an unknown chip: %v", err)
	}
	if _, err := chips[0].compile(t.Context(), dir, nil); err == nil || !regexp.MustCompile(`no lib\w+.so in .*build.sh`).MatchString(err.Error()) {
		t.Errorf("no root: %v", err)
	}
}

// The table has the worst of each figure of a kernel's programs, whichever program it is.
func TestReport(t *testing.T) {
	one := program{file: "dense-1.comp", registers: 80, waves: 4, simd: -1, fma: 512, instructions: 700, loads: 8, inFlight: 4, narrow: 2}
	two := program{file: "dense-2.comp", registers: 90, spills: 3, scratch: 16, waves: 2, simd: -1, fma: 64, instructions: 100, loads: 4, inFlight: 1, multiplyHigh: 7}
	other := program{file: "copy-1.comp", registers: 8, waves: 16, simd: -1, narrow: -1, multiplyHigh: -1, loads: -1, inFlight: -1}
	for _, list := range [][]program{{one, two, other}, {two, other, one}} {
		var out bytes.Buffer
		report(&out, chips[0], list, false)
		for _, want := range []string{
			"| dense | 2 | 1 | 90 | 3 | 16 | 2 |  | 64 % (64 of 100) | 1 of 4 | 2 | 7 |\n",
			"| copy | 1 | 0 | 8 | 0 | 0 | 16 |  |  |  |  |  |\n",
		} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no row %s in\n%s", want, &out)
			}
		}
	}
}

// Every kernel with a product has limits of its own.
func TestEveryProductHasLimits(t *testing.T) {
	folder := os.DirFS("../../shaders")
	include := regexp.MustCompile(`#include "([^"]+)"`)
	var has func(file string) bool
	has = func(file string) bool {
		text, err := fs.ReadFile(folder, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range include.FindAllStringSubmatch(string(text), -1) {
			if m[1] == "gemm.glsl" || m[1] == "dense_skinny.glsl" || has(m[1]) {
				return true
			}
		}
		return false
	}
	files, _ := fs.Glob(folder, "*.comp")
	products := 0
	for _, f := range files {
		kernel := strings.TrimSuffix(path.Base(f), ".comp")
		if !has(f) {
			continue
		}
		if products++; limitOf(kernel).kernel != kernel {
			t.Errorf("%s has no limits", kernel)
		}
	}
	if products < 9 {
		t.Errorf("%d kernels with products", products)
	}
}
