//go:build ignore

// Generate writes the kernels of each kind of vector from products.tmpl and elements.tmpl.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"
	"text/template"
)

// kind is a vector type and what differs between them.
type kind struct {
	Name  string // of the instructions
	Short string // of the type, as functions end in it
	E     string // element
	V     string // vector
	Lanes int
	Size  int    // bytes of an element
	Ints  string // the vector of integers as wide
	Int   string // its element
	Bits  int    // of an element
	Base  string // the 128-bit vector that a broadcast starts from
	Bytes string // from Uint8x16 to a vector of floats
}

// Unroll is how many steps of the reduction a loop of Tile takes at once: the
// compiler moves all accumulators at the end of each.
func (k kind) Unroll() []int     { return make([]int, 4) }
func (k kind) Rows() []int       { return []int{0, 1, 2, 3} }
func (k kind) Step(u int) int    { return u * 2 * k.Lanes * k.Size } // bytes of u rows of a panel
func (k kind) Cols() []int       { return []int{0, 1} }
func (k kind) Width() int        { return 2 * k.Lanes }
func (k kind) VecBytes() int     { return k.Lanes * k.Size }
func (k kind) Bcast() string     { return fmt.Sprintf("Broadcast1To%d()", k.Lanes) }
func (k kind) Wide() bool        { return k.Lanes*k.Size == 64 }
func (k kind) Sums() []int       { return make([]int, 8) }
func (k kind) Windows() []string { return []string{"x0", "x1", "x2", "x3"} }
func (k kind) Chains() []int     { return []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11} }
func (k kind) Single() bool      { return k.Size == 4 }

func main() {
	kinds := []kind{
		{"avx512", "F32x16", "float32", "Float32x16", 16, 4, "Int32x16", "int32", 32, "Float32x4", "ExtendToUint32().AsInt32x16().ConvertToFloat32()"},
		{"avx2", "F32x8", "float32", "Float32x8", 8, 4, "Int32x8", "int32", 32, "Float32x4", "ExtendLo8ToUint32().AsInt32x8().ConvertToFloat32()"},
		{"avx512", "F64x8", "float64", "Float64x8", 8, 8, "Int64x8", "int64", 64, "Float64x2", "ExtendLo8ToUint64().AsInt64x8().ConvertToFloat64()"},
		{"avx2", "F64x4", "float64", "Float64x4", 4, 8, "Int64x4", "int64", 64, "Float64x2", "ExtendLo4ToUint32().AsInt32x4().ConvertToFloat64()"},
	}
	for _, what := range []string{"products", "elements"} {
		t := template.Must(template.ParseFiles(what + ".tmpl"))
		for _, k := range kinds {
			var b bytes.Buffer
			if err := t.Execute(&b, k); err != nil {
				log.Fatal(err)
			}
			text, err := format.Source(b.Bytes())
			if err != nil {
				log.Fatalf("%s of %s: %v", what, k.Name, err)
			}
			if err := os.WriteFile(fmt.Sprintf("%s_%s_%s_amd64.go", what, k.Name, k.E), text, 0o666); err != nil {
				log.Fatal(err)
			}
		}
	}
}
