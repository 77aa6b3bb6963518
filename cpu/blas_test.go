package cpu_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"

	"glyph"
	"glyph/cpu"
)

// useBLAS puts the packed product behind gonum's BLAS for one test.
func useBLAS(t testing.TB, workers int) *cpu.BLAS {
	t.Helper()
	b, ok := cpu.NewBLAS(workers)
	if !ok {
		t.Skip("no vector kernels in this build or on this processor")
	}
	blas32.Use(b)
	blas64.Use(b)
	t.Cleanup(func() {
		blas32.Use(gonum.Implementation{})
		blas64.Use(gonum.Implementation{})
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// Making a BLAS changes nothing in gonum, and a closed one computes as gonum
// does and has no workers.
func TestBLASIsInstalledByTheCaller(t *testing.T) {
	before := runtime.NumGoroutine()
	b, ok := cpu.NewBLAS(3)
	if !ok {
		t.Skip("no vector kernels in this build or on this processor")
	}
	if _, changed := blas32.Implementation().(*cpu.BLAS); changed {
		t.Error("gonum uses what nobody installed")
	}
	x, y := general(9, 17, blas.NoTrans, 1), general(17, 5, blas.NoTrans, 2)
	c, want := general(9, 5, blas.NoTrans, 3), general(9, 5, blas.NoTrans, 3)
	for range 2 {
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	b.Sgemm(blas.NoTrans, blas.NoTrans, 9, 5, 17, 1, x.Data, 17, y.Data, 5, 0, c.Data, 5)
	gonum.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, 9, 5, 17, 1, x.Data, 17, y.Data, 5, 0, want.Data, 5)
	if !slices.Equal(c.Data, want.Data) {
		t.Error("a closed BLAS multiplies in another way than gonum")
	}
	for i := 0; runtime.NumGoroutine() > before; i++ { // they end when they next look
		if i > 1e7 {
			t.Fatalf("%d goroutines, before there were %d", runtime.NumGoroutine(), before)
		}
		runtime.Gosched()
	}
}

var transposes = []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans}

// TestGemm holds the products behind blas32 and blas64 to naive sums: within
// 8·u·(|alpha|·Σ|ab| + |beta·c|) (Higham 2002, §3.1), with strides wider than
// rows, which stay untouched.
func TestGemm(t *testing.T) {
	useBLAS(t, 2)
	for i := range 120 {
		m, n, k := aroundRows[i%len(aroundRows)], aroundCols[(3*i+i/14)%len(aroundCols)], aroundDepth[(5*i+i/12)%len(aroundDepth)]
		ta, tb := transposes[i%3], transposes[i/3%3]
		alpha, beta := []float64{1, 1, -0.5}[i%3], []float64{0, 1, 2}[i/9%3]
		t.Run(fmt.Sprintf("%c%c%dx%dx%d,%v,%v", ta, tb, m, n, k, alpha, beta), func(t *testing.T) {
			a, lda := draw(m, k, ta, 1)
			b, ldb := draw(k, n, tb, 2)
			c, ldc := draw(m, n, blas.NoTrans, 3)
			if beta == 0 {
				for j := range c {
					c[j] = math.NaN() // what was there must not matter
				}
			}
			want := append([]float64(nil), c...)
			bound := make([]float64, len(c))
			at := func(x []float64, stride, i, j int, t blas.Transpose) float64 {
				if t != blas.NoTrans {
					i, j = j, i
				}
				return x[i*stride+j]
			}
			for i := range m {
				for j := range n {
					sum, abs := 0.0, 0.0
					for l := range k {
						v := at(a, lda, i, l, ta) * at(b, ldb, l, j, tb)
						sum, abs = sum+v, abs+math.Abs(v)
					}
					w := &want[i*ldc+j]
					if beta == 0 {
						*w = 0
					}
					bound[i*ldc+j] = 8 * (math.Abs(alpha)*abs + math.Abs(beta**w))
					*w = alpha*sum + beta**w
				}
			}
			c32 := narrow(c)
			blas32.Implementation().Sgemm(ta, tb, m, n, k, float32(alpha), narrow(a), lda, narrow(b), ldb, float32(beta), c32, ldc)
			blas64.Implementation().Dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
			for j := range c {
				within(t, "Sgemm", j, float64(c32[j]), want[j], bound[j]*0x1p-24)
				within(t, "Dgemm", j, c[j], want[j], bound[j]*0x1p-53*4) // the naive sum errs too
			}
		})
	}
}

func within(t *testing.T, what string, i int, got, want, bound float64) {
	t.Helper()
	if math.IsNaN(want) && math.IsNaN(got) {
		return // between the rows, where c was NaN
	}
	if d := math.Abs(got - want); !(d <= bound) {
		t.Errorf("%s[%d] = %v, want %v ± %v", what, i, got, want, bound)
	}
}

// draw is a rows×cols matrix of float32 values with three columns too many,
// kept transposed if t says so, and its stride.
func draw(rows, cols int, t blas.Transpose, id uint32) (data []float64, stride int) {
	if t != blas.NoTrans {
		rows, cols = cols, rows
	}
	data = make([]float64, rows*(cols+3))
	random := glyph.NewRand(1, glyph.StreamTest, id)
	for i := range data {
		data[i] = float64(float32(random.Normal()))
	}
	return data, cols + 3
}

func narrow(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

// Wrong arguments panic as gonum's do, and products from several goroutines at
// once do not disturb each other.
func TestGemmMisuseAndConcurrency(t *testing.T) {
	useBLAS(t, 2)
	message := func(f func()) (said any) {
		defer func() { said = recover() }()
		f()
		return nil
	}
	x := make([]float32, 8)
	misuses := []func(s blas.Float32Level3){
		func(s blas.Float32Level3) { s.Sgemm('x', blas.NoTrans, 2, 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		func(s blas.Float32Level3) {
			s.Sgemm(blas.NoTrans, blas.NoTrans, -1, 2, 2, 1, x, 2, x, 2, 0, x, 2)
		},
		func(s blas.Float32Level3) {
			s.Sgemm(blas.NoTrans, blas.NoTrans, 2, 2, 4, 1, x, 2, x, 2, 0, x, 2)
		},
		func(s blas.Float32Level3) {
			s.Sgemm(blas.NoTrans, blas.NoTrans, 4, 4, 4, 1, x, 4, x, 4, 0, x, 4)
		},
	}
	for i, f := range misuses {
		ours := message(func() { f(blas32.Implementation()) })
		if want := message(func() { f(gonum.Implementation{}) }); ours == nil || ours != want {
			t.Errorf("misuse %d says %v, want %v", i, ours, want)
		}
	}

	a, b := general(65, 129, blas.NoTrans, 1), general(129, 33, blas.NoTrans, 2)
	want := general(65, 33, blas.NoTrans, 3)
	blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, want)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				c := general(65, 33, blas.NoTrans, 3)
				blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, c)
				for i, v := range c.Data {
					if v != want.Data[i] {
						t.Errorf("[%d] = %v beside others, %v alone", i, v, want.Data[i])
						return
					}
				}
			}
		})
	}
	group.Wait()
}

// An element of a product has the same bits whatever rows and columns are
// computed beside it: an image is classified alone as in a batch.
func TestGemmRowsStandAlone(t *testing.T) {
	b := useBLAS(t, 2)
	const m, n, k = 130, 40, 1030
	for _, ta := range transposes[:2] {
		for _, tb := range transposes[:2] {
			x, y := general(m, k, ta, 1), general(k, n, tb, 2)
			all := general(m, n, blas.NoTrans, 3)
			b.Sgemm(ta, tb, m, n, k, 1, x.Data, x.Stride, y.Data, y.Stride, 0, all.Data, n)
			for _, rows := range []int{1, 2, 7, 16, 17, 33, 64} {
				for _, cols := range []int{1, 10, 16, 33, n} {
					c := make([]float32, rows*cols)
					b.Sgemm(ta, tb, rows, cols, k, 1, x.Data, x.Stride, y.Data, y.Stride, 0, c, cols)
					for i, v := range c {
						if want := all.Data[i/cols*n+i%cols]; v != want {
							t.Fatalf("%c%c: [%d][%d] = %v in %d×%d, %v in %d×%d", ta, tb, i/cols, i%cols, v, rows, cols, want, m, n)
						}
					}
				}
			}
		}
	}
}
