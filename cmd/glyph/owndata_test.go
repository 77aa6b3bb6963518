package main

import (
	archive "archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glyph/cpu"
	"glyph/recognise"
	"glyph/recognise/page"
	"glyph/runs"
)

// mark is an image of side × side pixels with noise, and a bright block at a place
// that tells the class; there are 49 places.
func mark(class, side int, r *rand.Rand) []byte {
	pixels := make([]byte, side*side)
	for i := range pixels {
		pixels[i] = byte(r.IntN(12))
	}
	block := side / 7
	for y := range block {
		for x := range block {
			pixels[(class/7*block+y)*side+class%7*block+x] = byte(200 + r.IntN(56))
		}
	}
	return pixels
}

// numpyFile is an .npz file with one array, as numpy.savez_compressed writes it.
func numpyFile(t testing.TB, shape string, data []byte) []byte {
	t.Helper()
	header := fmt.Sprintf("%-117s\n", fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': %s, }", shape))
	var b bytes.Buffer
	z := archive.NewWriter(&b)
	w, err := z.Create("arr_0.npy")
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte("\x93NUMPY\x01\x00" + string(rune(len(header))) + "\x00" + header)) //nolint:errcheck // Close tells
	w.Write(data)                                                                      //nolint:errcheck // as above
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unbalanced49 writes a set like Kuzushiji-49 into a directory: 49 classes, of which
// every seventh has an eighth of the images of the others.
func unbalanced49(t testing.TB, dir string) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 49))
	for set, most := range map[string]int{"train": 16, "test": 8} {
		var images, labels []byte
		for round := range most {
			for class := range 49 {
				if class%7 == 3 && round >= most/8 {
					continue
				}
				looks := class
				if set == "test" && class%14 == 3 {
					looks = class + 1 // so that some rare classes are never recognised
				}
				images, labels = append(images, mark(looks, 28, r)...), append(labels, byte(class))
			}
		}
		write(t, filepath.Join(dir, "k49-"+set+"-imgs.npz"), numpyFile(t, fmt.Sprintf("(%d, 28, 28)", len(labels)), images))
		write(t, filepath.Join(dir, "k49-"+set+"-labels.npz"), numpyFile(t, fmt.Sprintf("(%d,)", len(labels)), labels))
	}
}

// idxSet writes files of MNIST's format, with labels that begin at first. With
// transpose, images are stored as EMNIST has them.
func idxSet(t testing.TB, dir, prefix string, classes, first, each int, transpose bool) {
	t.Helper()
	r := rand.New(rand.NewPCG(2, uint64(classes)))
	for _, set := range []string{"train", "test"} {
		n := classes * each
		images := binary.BigEndian.AppendUint32(nil, 0x803)
		for _, d := range []int{n, 28, 28} {
			images = binary.BigEndian.AppendUint32(images, uint32(d))
		}
		labels := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 0x801), uint32(n))
		for i := range n {
			pixels := mark(i%classes, 28, r)
			if transpose {
				turned := make([]byte, len(pixels))
				for p, v := range pixels {
					turned[p%28*28+p/28] = v
				}
				pixels = turned
			}
			images, labels = append(images, pixels...), append(labels, byte(i%classes+first))
		}
		write(t, filepath.Join(dir, prefix+set+"-images-idx3-ubyte"), images)
		write(t, filepath.Join(dir, prefix+set+"-labels-idx1-ubyte"), labels)
	}
}

// shapes are classes that a network tells apart at any size.
var shapes = []string{"bar", "ring", "slash"}

// shape draws a class in dark ink on light paper somewhere in a picture.
func shape(class, w, h int, r *rand.Rand) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	ink := color.RGBA{uint8(r.IntN(60)), uint8(r.IntN(60)), uint8(100 + r.IntN(60)), 255}
	size := min(w, h) * 3 / 5
	left, top := r.IntN(w-size), r.IntN(h-size)
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{235, 230, 220, 255})
			u, v := 2*float64(x-left)/float64(size)-1, 2*float64(y-top)/float64(size)-1 // -1 to 1
			on := false
			switch shapes[class] {
			case "bar":
				on = max(u, -u) < 0.2
			case "ring":
				on = u*u+v*v > 0.55
			case "slash":
				on = max(u+v, -u-v) < 0.3
			}
			if on && u*u+v*v < 1 {
				m.SetRGBA(x, y, ink)
			}
		}
	}
	return m
}

// gallery writes a folder of pictures, PNG and JPEG of many sizes.
func gallery(t testing.TB, dir string, names []string, each int, draw func(class int, r *rand.Rand) image.Image) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, uint64(each)))
	for class, name := range names {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o777); err != nil {
			t.Fatal(err)
		}
		for i := range each {
			writePicture(t, filepath.Join(dir, name, fmt.Sprint(i+1, []string{".png", ".jpg"}[i%2])), draw(class, r))
		}
	}
}

func writePicture(t testing.TB, path string, m image.Image) {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if strings.HasSuffix(path, ".jpg") {
		b.Reset()
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	}
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes())
}

// greyOf is an image of a mark, upright.
func greyOf(pixels []byte) image.Image {
	return &image.Gray{Pix: pixels, Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
}

// trainedOn trains for a few steps on data and returns the run and the JSON of its
// training and of its evaluation, which must agree.
func trainedOn(t *testing.T, data string, more ...string) (dir string, s runs.Summary, e evaluation) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	out, errOut, status := runGlyph(t, append([]string{"train", "--data", data, "--backend", "cpu", "--optimizer", "adam", "--lr", "0.01",
		"--batch", "16", "--epochs", "1", "--validation", "0", "--json", "--out", dir}, more...)...)
	if status != 0 {
		t.Fatalf("train: %s%s", out, errOut)
	}
	lastJSON(t, out, &s)
	out, errOut, status = runGlyph(t, "eval", dir, "--backend", "cpu", "--json")
	if status != 0 {
		t.Fatalf("eval: %s%s", out, errOut)
	}
	lastJSON(t, out, &e)
	if e.TestAccuracy != s.TestAccuracy || e.TestImages != s.TestImages || s.TestBalancedAccuracy == nil || e.TestBalancedAccuracy != *s.TestBalancedAccuracy {
		t.Errorf("eval says %+v and train %+v", e, s)
	}
	if !slices.Equal(e.Classes, s.Classes) || len(e.Classes) != len(e.Confusion) {
		t.Errorf("classes %q of eval, %q of train, %d rows", e.Classes, s.Classes, len(e.Confusion))
	}
	return dir, s, e
}

// named asks glyph predict what a picture shows.
func named(t *testing.T, dir string, m image.Image) recognise.Ranked {
	t.Helper()
	path := filepath.Join(t.TempDir(), "picture.png")
	writePicture(t, path, m)
	out, errOut, status := runGlyph(t, "predict", dir, path, "--json")
	var p recognise.Prediction
	if err := json.Unmarshal([]byte(out), &p); status != 0 || err != nil {
		t.Fatalf("predict: %v, %s%s", err, out, errOut)
	}
	return p.Top[0]
}

// A set like Kuzushiji-49 trains as CODH publishes it, with its characters and the
// balanced accuracy.
func TestKuzushiji49(t *testing.T) {
	data := t.TempDir()
	unbalanced49(t, data)
	dir, _, e := trainedOn(t, data, "--model", "linear", "--report=false")
	if len(e.Classes) != 49 || e.Classes[0] != "あ a" || e.TestImages != 42*8+7 || e.TestAccuracy < 0.8 || e.TestBalancedAccuracy > e.TestAccuracy-0.05 {
		t.Errorf("%+v", e)
	}
	sum := 0.0
	for label, row := range e.Confusion {
		n := 8
		if label%7 == 3 {
			n = 1
		}
		sum += float64(row[label]) / float64(n) / 49
	}
	if d := sum - e.TestBalancedAccuracy; d > 1e-12 || d < -1e-12 {
		t.Errorf("balanced accuracy %v, want %v", e.TestBalancedAccuracy, sum)
	}
	if out, _, _ := runGlyph(t, "eval", dir, "--backend", "cpu"); !strings.Contains(out, fmt.Sprintf("), balanced accuracy %.2f %%", 100*sum)) {
		t.Errorf("eval prints no balanced accuracy:\n%s", out)
	}
	if got := named(t, dir, greyOf(mark(4, 28, rand.New(rand.NewPCG(9, 9))))); got.Kana != "お" || got.Romaji != "o" || got.Label != 4 {
		t.Errorf("predicted %+v", got)
	}
}

// Sets whose classes have equal shares print one accuracy.
func TestBalancedSetsPrintOneAccuracy(t *testing.T) {
	_, dir := trainedRun(t)
	if out, errOut, status := runGlyph(t, "eval", dir); status != 0 || strings.Contains(out, "balanced") {
		t.Errorf("%s%s", out, errOut)
	}
}

// EMNIST's letters are upright, count from 0 and have their names.
func TestEMNIST(t *testing.T) {
	data := t.TempDir()
	letters(t, data)
	dir, _, e := trainedOn(t, filepath.Join(data, "emnist-letters"), "--model", "linear", "--report=false")
	if len(e.Classes) != 26 || e.Classes[0] != "A" || e.TestAccuracy < 0.8 {
		t.Errorf("%+v", e)
	}
	if got := named(t, dir, greyOf(mark(5, 28, rand.New(rand.NewPCG(9, 9))))); got.Name != "F" {
		t.Errorf("an upright F is %+v", got)
	}
}

// letters writes a set like EMNIST's letters.
func letters(t testing.TB, dir string) {
	t.Helper()
	idxSet(t, dir, "emnist-letters-", 26, 1, 12, true)
	var mapping strings.Builder
	for i := range 26 {
		fmt.Fprintf(&mapping, "%d %d %d\n", i+1, 'A'+i, 'a'+i)
	}
	write(t, filepath.Join(dir, "emnist-letters-mapping.txt"), []byte(mapping.String()))
}

func anyShape(class int, r *rand.Rand) image.Image {
	return shape(class, 40+r.IntN(50), 40+r.IntN(50), r)
}

// A folder of pictures trains, and what it was packed into trains the same bits.
func TestFolderOfPictures(t *testing.T) {
	data, packed := t.TempDir(), filepath.Join(t.TempDir(), "packed")
	gallery(t, data, shapes, 30, anyShape)
	dir, s, e := trainedOn(t, data, "--model", "mlp", "--size", "20", "--report=false")
	if !slices.Equal(e.Classes, shapes) || e.TestImages != 18 || s.TrainImages != 72 || e.TestAccuracy < 0.8 || !slices.Equal(s.Spec.Input, []int{20, 20, 1}) {
		t.Errorf("%+v, %+v", e, s)
	}
	r := rand.New(rand.NewPCG(7, 7))
	for class, name := range shapes {
		if got := named(t, dir, shape(class, 120, 90, r)); got.Name != name {
			t.Errorf("a %s is %+v", name, got)
		}
	}
	out, errOut, status := runGlyph(t, "data", "pack", data, "--size", "20", "--out", packed)
	if status != 0 || !strings.Contains(out, "72 training images, 18 test images, 20×20, 3 classes") {
		t.Fatalf("pack: %s%s", out, errOut)
	}
	if _, again, _ := trainedOn(t, packed, "--model", "mlp", "--report=false"); again.TestLoss != s.TestLoss || !slices.Equal(again.Classes, s.Classes) {
		t.Errorf("packed, the loss is %v, not %v", again.TestLoss, s.TestLoss)
	}
	if out, errOut, status := runGlyph(t, "data", "verify", data); status != 0 || !strings.Contains(out, "90 pictures in 3 classes") {
		t.Errorf("verify: %s%s", out, errOut)
	}
}

// Images in colour go through everything that grey ones do.
func TestColour(t *testing.T) {
	data := t.TempDir()
	names := []string{"blue", "green", "red"}
	paint := func(class int, r *rand.Rand) image.Image {
		m := image.NewRGBA(image.Rect(0, 0, 20+r.IntN(30), 20+r.IntN(30)))
		for i := range m.Pix {
			m.Pix[i] = byte(r.IntN(60))
			if i%4 == 2-class || i%4 == 3 {
				m.Pix[i] = byte(180 + r.IntN(70))
			}
			if i%4 == 3 {
				m.Pix[i] = 255
			}
		}
		return m
	}
	gallery(t, data, names, 20, paint)
	dir, s, e := trainedOn(t, data, "--model", "cnn", "--filters", "4,4,4", "--units", "8", "--size", "12x16x3", "--augment", "--epochs", "6")
	if !slices.Equal(e.Classes, names) || !slices.Equal(s.Spec.Input, []int{12, 16, 3}) || e.TestAccuracy < 0.8 {
		t.Errorf("%+v", e)
	}
	for class, name := range names {
		if got := named(t, dir, paint(class, rand.New(rand.NewPCG(7, 7)))); got.Name != name {
			t.Errorf("%s is %+v", name, got)
		}
	}
	if text := string(read(t, filepath.Join(dir, runs.ReportFile))); !strings.Contains(text, "green") {
		t.Error("the report does not name the classes")
	}
	sheet := filepath.Join(t.TempDir(), "sheet.png")
	onnx, torch := filepath.Join(t.TempDir(), "net.onnx"), filepath.Join(t.TempDir(), "net.safetensors")
	for _, args := range [][]string{
		{"data", "show", "--data", data, "--size", "12x16x3", "--augment", "--out", sheet},
		{"data", "show", "--data", data, "--size", "12x16x3"},
		{"predict", dir, filepath.Join(data, "red", "1.png"), "--show"},
		{"export", dir, "--onnx", onnx},
		{"export", dir, "--pytorch", torch},
		{"import", torch, "--out", filepath.Join(t.TempDir(), "imported")},
		{"plot", dir, "--out", t.TempDir()},
	} {
		if out, errOut, status := runGlyph(t, args...); status != 0 {
			t.Errorf("%v: %s%s", args, out, errOut)
		}
	}
	picture, err := png.Decode(bytes.NewReader(read(t, sheet)))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := picture.At(10, 10).RGBA(); b < 2*r || b < 2*g {
		t.Errorf("the first image is blue, and not %d %d %d", r, g, b)
	}
	served(t, dir, data)
}

// served asks the page of a network in colour.
func served(t *testing.T, dir, data string) {
	t.Helper()
	w, err := runs.OpenWeights(dir)
	if err != nil {
		t.Fatal(err)
	}
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // reading has told
	r, err := newRecogniser(w, b, page.MaxPixels)
	if err != nil {
		t.Fatal(err)
	}
	d, err := openData(t.Context(), data, "", w.Pictures())
	if err != nil {
		t.Fatal(err)
	}
	h, err := page.Handler(r, servedPage(w, d), page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "http://localhost/predict", bytes.NewReader(read(t, filepath.Join(data, "red", "1.png"))))
	request.Header.Set("Content-Type", "image/png")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	var got struct {
		Top           []recognise.Ranked
		Width, Height int
		Pixels        []int
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || got.Top[0].Name != "red" || len(got.Pixels) != 12*16*3 || got.Pixels[0] < 2*got.Pixels[1] || got.Width != 16 {
		t.Errorf("%v: %s", err, answer.Body)
	}
}
