package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/recognise"
	"glyph/runs"
)

// stripes writes n training and n/2 test images of side × side pixels in so many
// classes, told by the column that is bright, under names with a prefix. Labels
// begin at first, and order gives the class of image i.
func stripes(t testing.TB, prefix string, n, side, classes, first int, order func(i int) int) string {
	t.Helper()
	dir := t.TempDir()
	for _, s := range []struct {
		set string
		n   int
	}{{"train", n}, {"test", n / 2}} {
		images := binary.BigEndian.AppendUint32(nil, 0x803)
		labels := binary.BigEndian.AppendUint32(nil, 0x801)
		for _, d := range []int{s.n, side, side} {
			images = binary.BigEndian.AppendUint32(images, uint32(d))
		}
		labels = binary.BigEndian.AppendUint32(labels, uint32(s.n))
		for i := range s.n {
			class := order(i) % classes
			labels = append(labels, byte(class+first))
			for p := range side * side {
				v := byte(p * (i + 7) % 40)
				if p%side == class%side && p/side >= class/side {
					v += 200
				}
				images = append(images, v)
			}
		}
		write(t, filepath.Join(dir, prefix+s.set+"-images-idx3-ubyte"), images)
		write(t, filepath.Join(dir, prefix+s.set+"-labels-idx1-ubyte"), labels)
	}
	return dir
}

func inTurn(i int) int { return i }

// Names, however many, go from the data into the weights, and from there to every
// place that shows them, also when the data is gone. Images need not be 28×28.
func TestClassNamesTravel(t *testing.T) {
	data := stripes(t, "", 240, 12, 12, 0, inTurn)
	names := filepath.Join(t.TempDir(), "things.txt")
	write(t, names, []byte("T-shirt\nTrouser\nPullover\nDress\nCoat\nSandal\nShirt\nSneaker\nBag\nAnkle boot\n於\to, old\n<b>&\n"))
	dir := filepath.Join(t.TempDir(), "run")
	out, errOut, status := runGlyph(t, "train", "--data", data, "--classes", names, "--model", "cnn", "--filters", "4,8", "--units", "16", "--dropout", "0",
		"--epochs", "8", "--batch", "8", "--lr", "0.05", "--backend", "cpu", "--out", dir)
	if status != 0 {
		t.Fatal(errOut)
	}
	for _, part := range []string{"120 test images, 12 classes", "files    ", "train-images-idx3-ubyte, ", "things.txt"} {
		if !strings.Contains(out, part) {
			t.Errorf("no %q in %s", part, out)
		}
	}
	if w, err := runs.OpenWeights(dir); err != nil || w.Spec.Classes != 12 || w.Spec.Input[0] != 12 || len(w.Classes) != 12 || w.Classes[9].Name != "Ankle boot" {
		t.Fatalf("%+v, %v", w, err)
	}
	page := string(read(t, filepath.Join(dir, runs.ReportFile)))
	for _, part := range []string{"<td>Ankle boot</td>", "<td>於</td><td>o, old</td>", "&lt;b&gt;&amp;"} {
		if !strings.Contains(page, part) {
			t.Errorf("no %q in the report", part)
		}
	}
	if strings.Contains(page, "お") {
		t.Error("the report has KMNIST's characters")
	}
	if out, errOut, status = runGlyph(t, "eval", dir); status != 0 || !strings.Contains(out, "Ankle boot  ") || !strings.Contains(out, "於 o, old  ") {
		t.Errorf("eval: status %d: %s%s", status, out, errOut)
	}
	// The data's own names are its labels: other words than the network's.
	if !strings.Contains(out, "warning: the network's classes are not the data's: label 0 is T-shirt for the network and 0 in ") {
		t.Errorf("eval says nothing of other names:\n%s", out)
	}
	if _, errOut, status = runGlyph(t, "plot", dir, "--format", "svg"); status != 0 {
		t.Fatal(errOut)
	}
	if figure := string(read(t, filepath.Join(dir, "plots", "classes.svg"))); !strings.Contains(figure, "Sneaker") {
		t.Error("no names in the figure of the classes")
	}

	// The run keeps the names for whoever repeats it, wherever it goes.
	if err := os.Remove(names); err != nil {
		t.Fatal(err)
	}
	moved, again := filepath.Join(t.TempDir(), "moved"), filepath.Join(t.TempDir(), "again")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	dir = moved
	if _, errOut, status = runGlyph(t, "train", "--config", filepath.Join(dir, runs.ConfigFile), "--report=false", "--out", again); status != 0 {
		t.Fatal(errOut)
	}
	if a, b := read(t, filepath.Join(dir, runs.LastFile)), read(t, filepath.Join(again, runs.LastFile)); !bytes.Equal(a, b) {
		t.Error("the run's config trains to other weights, or other names")
	}

	// What pictures are named needs no data.
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	m := image.NewGray(image.Rect(0, 0, 12, 12)) // framed already
	for y := range 12 {
		m.SetGray(4, y, color.Gray{Y: 230})
	}
	picture := filepath.Join(t.TempDir(), "stripe.png")
	f, err := os.Create(picture)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	f.Close()
	out, errOut, status = runGlyph(t, "predict", dir, picture, "--json")
	var p recognise.Prediction
	if err := json.Unmarshal([]byte(out), &p); status != 0 || err != nil || len(p.Probabilities) != 12 || p.Top[0].Name != "Coat" || p.Top[0].Kana != "" {
		t.Errorf("predict: %v, %s%s", err, out, errOut)
	}
	if out, errOut, status = runGlyph(t, "predict", dir, picture); status != 0 || !strings.Contains(out, "  Coat  ") {
		t.Errorf("predict: %s%s", out, errOut)
	}
}

// Old weights files have no names: those of their data are taken, if it is there.
func TestOldWeightsHaveNames(t *testing.T) {
	data := stripes(t, "", 40, 4, 4, 0, inTurn)
	write(t, filepath.Join(data, "classes.txt"), []byte("north\neast\nsouth\nwest\n"))
	dir := filepath.Join(t.TempDir(), "run")
	if _, errOut, status := runGlyph(t, "train", "--data", data, "--model", "linear", "--epochs", "1", "--report=false", "--out", dir); status != 0 {
		t.Fatal(errOut)
	}
	w, err := runs.OpenWeights(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data, want string
	}{"there": {data, "west"}, "gone": {filepath.Join(data, "nowhere"), "3"}, "of others": {"kmnist", "3"}} {
		w.Classes, w.Data = nil, c.data
		if got := w.ClassNames(); len(got) != 4 || got[3].Name != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What a person should know of the data is said when training begins.
func TestTrainTellsOfTheData(t *testing.T) {
	train := func(data string, more ...string) (string, string, int) {
		return runGlyph(t, append([]string{"train", "--data", data, "--model", "linear", "--epochs", "1", "--validation", "0", "--out", "none"}, more...)...)
	}
	sorted := stripes(t, "", 400, 8, 8, 0, func(i int) int { return i / 50 }) // a test set of half as many has the first four alone
	inOrder := stripes(t, "", 400, 8, 8, 0, inTurn)
	for name, c := range map[string]struct {
		data string
		more []string
		want string // "" for no warning, and no note but that there is no validation set
	}{
		"in turn, limited": {inOrder, []string{"--limit", "40"}, ""},
		"sorted":           {sorted, nil, "warning: 4 classes have a very different share of the 400 training images than of the test set (4, 5, 6, 7): training on them favours other classes"},
		"sorted, limited":  {sorted, []string{"--limit", "100"}, "warning: the 100 training images include none of 2 classes of the test set (2, 3): the files are probably sorted by class; leave out --limit"},
		"letters":          {stripes(t, "emnist-letters-", 260, 28, 26, 1, inTurn), nil, "note     EMNIST's images are stored transposed; they were turned upright, and the labels of its letters, which begin at 1, now begin at 0"},
		"from 1":           {stripes(t, "", 260, 28, 26, 1, inTurn), nil, "note     labels begin at 1, as EMNIST's letters do: class 0 has no images, and there are 27 classes with it"},
	} {
		out, errOut, status := train(c.data, c.more...)
		if status != 0 || c.want != "" && !strings.Contains(out, c.want) || c.want == "" && (strings.Contains(out, "warning") || strings.Count(out, "note ") != 1) {
			t.Errorf("%s: status %d, no %q in:\n%s%s", name, status, c.want, out, errOut)
		}
	}
	if out, _, _ := train(inOrder); !strings.Contains(out, "files    train-images-idx3-ubyte, train-labels-idx1-ubyte, test-images-idx3-ubyte, test-labels-idx1-ubyte in "+inOrder+"\n") {
		t.Errorf("the files are not named:\n%s", out)
	}
	if _, errOut, status := train(stripes(t, "", 40, 4, 4, 0, inTurn), "--model", "cnn"); status != 1 || !strings.Contains(errOut, "4×4") || !strings.Contains(errOut, "--model linear or mlp takes any size") || strings.Count(errOut, "\n") != 1 {
		t.Errorf("images that are too small: status %d, %q", status, errOut)
	}
}

// Images larger than KMNIST's take a deeper network, and others say how deep.
func TestDepthFitsTheData(t *testing.T) {
	large, small := stripes(t, "", 20, 64, 2, 0, inTurn), stripes(t, "", 20, 8, 2, 0, inTurn)
	deep := []string{"--model", "vgg", "--filters", "2,2,2,2,2,2", "--epochs", "1", "--backend", "cpu"}
	out := filepath.Join(t.TempDir(), "sweep")
	for _, command := range [][]string{{"train", "--out", "none"}, {"sweep", "--out", out, "--parallel", "1"}} {
		args := append(command, deep...)
		if _, errOut, status := runGlyph(t, append(args, "--data", large)...); status != 0 {
			t.Errorf("%s of large images: status %d, %s", command[0], status, errOut)
		}
		_, errOut, status := runGlyph(t, append(args, "--data", small)...)
		if want := "--filters has 6 numbers, and model vgg halves the image: one of 8×8 takes at most 4"; status != 1 || !strings.Contains(errOut, want) {
			t.Errorf("%s of small images: status %d, %q", command[0], status, errOut)
		}
	}
}

// A network that training starts from may have more classes than the data, whose
// images must be of its size.
func TestWeightsFitTheData(t *testing.T) {
	data, root := stripes(t, "", 60, 8, 6, 0, inTurn), t.TempDir()
	dir := filepath.Join(root, "run")
	train := func(data, out string, more ...string) (string, string, int) {
		return runGlyph(t, append([]string{"train", "--data", data, "--epochs", "1", "--report=false", "--out", out}, more...)...)
	}
	if _, errOut, status := train(data, dir, "--model", "mlp", "--hidden", "8"); status != 0 {
		t.Fatal(errOut)
	}
	for i, c := range []struct {
		data, want string
	}{
		{stripes(t, "", 60, 8, 4, 0, inTurn), ""},
		{stripes(t, "", 60, 8, 7, 0, inTurn), "has 6 classes, and"},
		{stripes(t, "", 60, 9, 6, 0, inTurn), "takes images of 8×8"},
	} {
		out := filepath.Join(root, fmt.Sprint("from", i))
		_, errOut, status := train(c.data, out, "--weights", dir)
		if c.want != "" {
			if status != 1 || !strings.Contains(errOut, c.want) {
				t.Errorf("status %d, %s, want %q", status, errOut, c.want)
			}
			continue
		}
		if w, err := runs.OpenWeights(out); status != 0 || err != nil || len(w.Classes) != 6 {
			t.Errorf("status %d, %s, %v", status, errOut, err)
		}
	}
	if _, errOut, status := train(data, filepath.Join(root, "anew"), "--weights", dir, "--model", "mlp", "--hidden", "8"); status != 0 {
		t.Errorf("the same network described: %s", errOut)
	}
}

// A table of images is what its file's name says.
func TestDataShowWritesWhatItsNameSays(t *testing.T) {
	data := stripes(t, "", 40, 4, 4, 0, inTurn)
	for name, first := range map[string]string{"x.png": "\x89PNG", "X.PNG": "\x89PNG", "x.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="`} {
		path := filepath.Join(t.TempDir(), name)
		out, errOut, status := runGlyph(t, "data", "show", "--data", data, "--columns", "3", "--zoom", "2", "--out", path)
		if status != 0 || !strings.Contains(out, "drew "+path) || !strings.Contains(out, "4×4") || !strings.Contains(out, "3  3       10 training images") {
			t.Fatalf("%s: status %d: %s%s", name, status, out, errOut)
		}
		text := string(read(t, path))
		if !strings.HasPrefix(text, first) {
			t.Errorf("%s begins with %q", name, text[:10])
		}
		if strings.HasSuffix(name, "svg") && (!strings.Contains(text, `width="32" height="42"`) || !strings.Contains(text, "data:image/png;base64,iVBORw0KGgo")) {
			t.Errorf("%s is %s", name, text)
		}
	}
}

// Names are given to weights from elsewhere, and say how many classes there are.
func TestImportNamesTheClasses(t *testing.T) {
	root := t.TempDir()
	data := stripes(t, "", 60, 28, 3, 0, inTurn)
	names, wrong, first := filepath.Join(root, "names"), filepath.Join(root, "wrong"), filepath.Join(root, "first")
	write(t, names, []byte("left\nmiddle\nright\n"))
	write(t, wrong, []byte("left\nright\n"))
	if _, errOut, status := runGlyph(t, "train", "--data", data, "--model", "linear", "--epochs", "1", "--report=false", "--out", first); status != 0 {
		t.Fatal(errOut)
	}
	described, bare := filepath.Join(root, "torch.safetensors"), filepath.Join(root, "bare.safetensors")
	if _, errOut, status := runGlyph(t, "export", first, "--pytorch", described); status != 0 {
		t.Fatal(errOut)
	}
	_, file, err := pytorch.Load(described)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := safetensors.Write(&b, safetensors.File{Tensors: file.Tensors}); err != nil {
		t.Fatal(err)
	}
	write(t, bare, b.Bytes())
	for i, c := range []struct {
		file, names string
		more        []string
		want        string // the name of class 2, or part of the error
		ok          bool
	}{
		{described, names, nil, "right", true},
		{described, "", nil, "2", true}, // as it was trained
		{described, wrong, nil, "has 2 names, and the network has 3 classes", false},
		{bare, names, []string{"--model", "linear"}, "right", true},
		{bare, filepath.Join(root, "nowhere"), []string{"--model", "linear"}, "nowhere: no such file", false},
	} {
		out := filepath.Join(root, fmt.Sprint("run", i))
		args := append([]string{"import", c.file, "--out", out, "--data", data}, c.more...)
		if c.names != "" {
			args = append(args, "--classes", c.names)
		}
		_, errOut, status := runGlyph(t, args...)
		if !c.ok {
			if status != 1 || !strings.Contains(errOut, c.want) {
				t.Errorf("%v: status %d, %q, want %q", args, status, errOut, c.want)
			}
			continue
		}
		if w, err := runs.OpenWeights(out); status != 0 || err != nil || len(w.ClassNames()) != 3 || w.ClassNames()[2].Name != c.want {
			t.Errorf("%v: status %d: %s, %v", args, status, errOut, err)
		}
	}
}
