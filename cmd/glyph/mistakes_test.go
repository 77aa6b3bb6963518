package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"glyph/runs"
)

// TestMistakes holds each mistake of a user to one clear line, a failing exit
// status, and leaving what was saved before as it was.
func TestMistakes(t *testing.T) {
	notShort(t)
	data, saved := trainedRun(t)
	root := t.TempDir()
	weights := filepath.Join(saved, runs.LastFile)
	before := read(t, weights)

	// Copies of the data and of the weights, each broken in one way.
	broken := func(name, file string, change func([]byte) []byte) string {
		dir := filepath.Join(root, name)
		if err := os.CopyFS(dir, os.DirFS(data)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, file)
		write(t, path, change(read(t, path)))
		return dir
	}
	const images, labels = "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
	truncated := broken("truncated", images, func(b []byte) []byte { return b[:len(b)-5] })
	magic := broken("magic", images, func(b []byte) []byte { b[3]++; return b })
	counts := broken("counts", labels, func(b []byte) []byte { b[7]--; return b[:len(b)-1] })
	label := broken("label", labels, func(b []byte) []byte { b[10] = 10; return b })
	names := filepath.Join(root, "names.txt")
	write(t, names, []byte("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n"))
	empty := filepath.Join(root, "empty")
	os.Mkdir(empty, 0o777)
	cut := filepath.Join(root, "cut.safetensors")
	write(t, cut, before[:len(before)/2])
	file := filepath.Join(root, "file")
	write(t, file, []byte("x"))
	torch := filepath.Join(root, "torch.safetensors")
	if _, errOut, status := runGlyph(t, "export", saved, "--pytorch", torch); status != 0 {
		t.Fatal(errOut)
	}
	picture := func(name string, w, h int) string {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, name)
		write(t, path, b.Bytes())
		return path
	}
	bomb := picture("bomb.png", 1, 1)
	head := read(t, bomb) // a PNG whose header claims 100000×100000, with its checksum
	binary.BigEndian.PutUint32(head[16:], 100000)
	binary.BigEndian.PutUint32(head[20:], 100000)
	binary.BigEndian.PutUint32(head[29:], crc32.ChecksumIEEE(head[12:29]))
	write(t, bomb, head)
	configs := 0
	config := func(text string) string {
		configs++
		path := filepath.Join(root, fmt.Sprintf("config%d.toml", configs))
		write(t, path, []byte(text))
		return path
	}

	// A study's results, of the tiny data, and the same in a newer format.
	studied, newer := filepath.Join(root, "studied"), filepath.Join(root, "newer")
	study := func(out string, more ...string) []string {
		return append([]string{"study", "--quick", "--backend", "cpu", "--data", data, "--out", out}, more...)
	}
	if _, errOut, status := runGlyph(t, study(studied, "gradients")...); status != 0 {
		t.Fatal(errOut)
	}
	if err := os.CopyFS(newer, os.DirFS(studied)); err != nil {
		t.Fatal(err)
	}
	manifest := read(t, filepath.Join(newer, "study.json"))
	write(t, filepath.Join(newer, "study.json"), bytes.Replace(manifest, []byte(`"format": 1`), []byte(`"format": 9`), 1))
	otherData := filepath.Join(root, "otherdata")
	if err := os.CopyFS(otherData, os.DirFS(studied)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(otherData, "study.json"), bytes.Replace(manifest, []byte(`"data": "`), []byte(`"data": "x`), 1))

	outs := 0
	train := func(more ...string) []string {
		outs++
		return append([]string{"train", "--data", data, "--out", filepath.Join(root, fmt.Sprint("out", outs))}, more...)
	}
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"truncated IDX", train("--data", truncated), []string{images, "ends after"}},
		{"wrong magic", train("--data", magic), []string{images, "begins with 0x00000804"}},
		{"counts differ", train("--data", counts), []string{"20 images", "19 labels"}},
		{"too few names", train("--data", label, "--classes", names), []string{names, "has 10 names", "0 to 10"}},
		{"names that are not text", train("--data", data, "--classes", filepath.Join(data, images)), []string{images, "not a text file"}},
		{"no names", train("--data", data, "--classes", filepath.Join(root, "nowhere")), []string{"nowhere", "no such"}},
		{"names empty", train("--data", data, "--classes", ""), []string{"--classes is empty"}},
		{"show as GIF", []string{"data", "show", "--data", data, "--out", filepath.Join(root, "x.gif")}, []string{"x.gif", "PNG or SVG"}},
		{"show without an ending", []string{"data", "show", "--data", data, "--out", filepath.Join(root, "x")}, []string{"PNG or SVG"}},
		{"empty directory", train("--data", empty), []string{"there is no train-images"}},
		{"no directory", train("--data", filepath.Join(root, "nowhere")), []string{"nowhere", "no such"}},
		{"data is a file", train("--data", file), []string{"is not a directory"}},
		{"hidden 0", train("--model", "mlp", "--hidden", "0"), []string{"hidden", "not 0"}},
		{"hidden text", train("--model", "mlp", "--hidden", "x"), []string{"--hidden x", "whole numbers"}},
		{"hidden empty", train("--model", "mlp", "--hidden", ""), []string{"--hidden"}},
		{"lr nan", train("--lr", "nan"), []string{"lr", "NaN"}},
		{"lr negative", train("--lr", "-1"), []string{"lr", "-1"}},
		{"batch 0", train("--batch", "0"), []string{"batch", "not 0"}},
		{"batch huge", train("--batch", "100000000"), []string{"batch", "too large"}},
		{"limit 0", train("--limit", "0"), []string{"limit", "not 0"}},
		{"limit beyond", train("--limit", "41"), []string{"limit", "41 images of 40"}},
		{"epochs 0", train("--epochs", "0"), []string{"epochs"}},
		{"holdout all", train("--holdout", "40"), []string{"--validation", "40"}},
		{"validation of one image", train("--limit", "1", "--validation", "0.1"), []string{"--validation: no validation set can be held out of 1 image, since"}},
		{"validation of all", train("--limit", "20", "--validation", "20"), []string{"--validation: a validation set of 20 of 20 images; want a fraction, or 1 to "}},
		{"dropout twice", train("--model", "vgg", "--dropout", "0.1,0.2"), []string{"--dropout has 2 rates; this network takes one"}},
		{"validation nan", train("--validation", "nan"), []string{"--validation", "NaN"}},
		{"patience alone", train("--patience", "2", "--validation", "0"), []string{"--patience needs --validation"}},
		{"weight decay negative", train("--optimizer", "adamw", "--weight-decay", "-1"), []string{"--weight-decay must be a number of at least 0", "-1"}},
		{"momentum of 1", train("--optimizer", "momentum", "--momentum", "1"), []string{"--momentum must be"}},
		{"l2 negative", train("--l2", "-1"), []string{"--l2 must be", "-1"}},
		{"smoothing that rounds to 1", train("--smoothing", "0.999999999"), []string{"--label-smoothing must be", "0.999999999"}},
		{"checkpoint negative", train("--checkpoint", "-5s"), []string{"--checkpoint must be", "-5s"}},
		{"checkpoint text", train("--checkpoint", "soon"), []string{"--checkpoint soon", "such as 90s"}},
		{"epochs without end", train("--epochs", "1000000000", "--batch", "4", "--model", "linear"), []string{"--epochs of 1,000,000,000 are too many"}},
		{"epochs beyond", train("--epochs", "9000000000000000000"), []string{"--epochs must be at most"}},
		{"rates without end", train("--epochs", "1000000000", "--batch", "40", "--schedule", "cosine"), []string{"--epochs of 1,000,000,000", "learning rates"}},
		{"data of another hash", train("--data-hash", "beef"), []string{"--data", "beef"}},
		{"shift negative", train("--shift", "-1"), []string{"--shift must be from 0 to 1024 pixels", "-1"}},
		{"rotation beyond", train("--rotation", "200"), []string{"--rotation must be from 0 to 180 degrees", "200"}},
		{"scale percent", train("--augment", "--scale", "10"), []string{"--scale must be from 0 to 0.5", "10"}},
		{"shear nan", train("--shear", "nan"), []string{"--shear", "NaN"}},
		{"shear text", train("--shear", "x"), []string{"--shear x", "a number"}},
		{"elastic beyond", train("--elastic", "65"), []string{"--elastic must be from 0 to 64 pixels", "65"}},
		{"augment by a number", train("--augment=3"), []string{"--augment 3", "true or false"}},
		{"config augment", train("--config", config("augment = true\nrotation = -3")), []string{"--rotation", "-3"}},
		{"compare shear", []string{"compare", "--data", data, "--shear", "60"}, []string{"--shear must be from 0 to 45 degrees"}},
		{"show rotation", []string{"data", "show", "--data", data, "--rotation", "-2"}, []string{"--rotation", "-2"}},
		{"unknown activation", train("--activation", "swish"), []string{"swish", "none, relu, leaky-relu, sigmoid, tanh"}},
		{"unknown model", train("--model", "lenet"), []string{"lenet", "linear, mlp, cnn, kmnist-benchmark, vgg, resnet"}},
		{"unknown optimizer", train("--optimizer", "lion"), []string{"lion", "adamw"}},
		{"unknown schedule", train("--schedule", "zigzag"), []string{"zigzag", "cosine"}},
		{"unknown backend", train("--backend", "tpu"), []string{"tpu", "gpu, cpu or gonum"}},
		{"out is a file", train("--out", file), []string{"--out", file}},
		{"out under a file", train("--out", filepath.Join(file, "x")), []string{"--out", "not a directory"}},
		{"config missing", train("--config", filepath.Join(root, "none.toml")), []string{"none.toml", "no such"}},
		{"config key", train("--config", config("layers = 3")), []string{"layers", "keys are"}},
		{"config key, nearly", train("--config", config("epoch = 3")), []string{`unknown key "epoch"; did you mean epochs?`}},
		{"config value", train("--config", config("lr = \"fast\"")), []string{"lr", "fast", "a number"}},
		{"config table", train("--config", config("[lr]\nx = 1")), []string{"lr"}},
		{"config syntax", train("--config", config("lr = ")), []string{".toml", "line 1"}},
		{"config deep", train("--config", config("x = "+strings.Repeat("{a=", 200000)+"1"+strings.Repeat("}", 200000))), []string{"--config", "65,536 bytes"}},
		{"config dots", train("--config", config(strings.Repeat("a.", 20000)+"a = 1")), []string{"--config", "nested too deeply"}},
		{"config resume", train("--config", config("resume = \"zzz\"")), []string{"--config", "\"resume\""}},
		{"compare resume", []string{"compare", "--resume", saved}, []string{"--resume"}},
		{"study parallel beyond", study(studied, "--parallel", "1000000000"), []string{"--parallel must be at most", "1000000000"}},
		{"eval nothing", []string{"eval", filepath.Join(root, "nowhere")}, []string{"no such"}},
		{"eval truncated", []string{"eval", cut}, []string{cut}},
		{"eval no weights", []string{"eval", empty}, []string{runs.LastFile, "no such"}},
		{"eval text", []string{"eval", file}, []string{file}},
		{"eval other data", []string{"eval", saved, "--data", truncated}, []string{"ends after"}},
		{"diverging", train("--model", "mlp", "--lr", "1e30", "--batch", "4"), []string{"epoch 1", "step", "lower learning rate"}},
		{"verify broken", []string{"data", "verify", truncated}, []string{"1 of 4"}},
		{"study unknown", study(studied, "width"), []string{"width", "known are hidden, activation"}},
		{"study nearly known", study(studied, "hiden"), []string{"hiden", "did you mean hidden?"}},
		{"compare resumes nothing", []string{"compare", "--resume", saved}, []string{"unknown flag: --resume"}},
		{"compare writes no report", []string{"compare", "--report"}, []string{"unknown flag: --report"}},
		{"study seeds", study(studied, "--seeds", "0"), []string{"--seeds", "not 0"}},
		{"study parallel", study(studied, "--parallel", "-1"), []string{"--parallel", "-1"}},
		{"study shard", study(studied, "--shard", "3"), []string{"--shard", "not a shard", "1/8"}},
		{"study shard 0", study(studied, "--shard", "0/4"), []string{"--shard", "from 1 to 4"}},
		{"study shard from 0", study(studied, "--shard", "4/4", "--shard-from", "0"), []string{"--shard", "from 0 to 3"}},
		{"study shard from 2", study(studied, "--shard", "4/4", "--shard-from", "2"), []string{"--shard-from", "0 or 1"}},
		{"study shard empty", study(studied, "--shard", ""), []string{"--shard", "not a shard"}},
		{"study data", study(studied, "--data", truncated), []string{"ends after"}},
		{"study out is a file", study(file, "gradients"), []string{"--out", file}},
		{"study other data", study(otherData, "gradients"), []string{"--out", otherData, "other data"}},
		{"study full there", []string{"study", "gradients", "--backend", "cpu", "--data", data, "--out", studied}, []string{"quick study", "choose another"}},
		{"study newer", study(newer, "gradients"), []string{"newer glyph", "format 9"}},
		{"study report nothing", []string{"study", "report", empty}, []string{"study.json", "no such", "not a directory of results"}},
		{"study report newer", []string{"study", "report", newer}, []string{"newer glyph"}},
		{"study report two", []string{"study", "report", studied, newer}, []string{"one directory"}},
		{"study merge none", []string{"study", "merge", "--out", studied}, []string{"which directories", "glyph study merge DIR..."}},
		{"study merge out", []string{"study", "merge", studied}, []string{"--out is missing"}},
		{"study merge nothing", []string{"study", "merge", studied, empty, "--out", filepath.Join(root, "m")}, []string{empty, "not a directory of results"}},
		{"study merge other data", []string{"study", "merge", studied, otherData, "--out", filepath.Join(root, "m")}, []string{"other data"}},
		{"out holds a run", train("--out", saved), []string{saved, "already holds a run"}},
		{"resume nothing", []string{"train", "--resume", empty}, []string{empty, "no run"}},
		{"resume finished", []string{"train", "--resume", saved}, []string{"is finished", "--epochs N"}},
		{"resume with others", []string{"train", "--resume", saved, "--lr", "1"}, []string{"--lr", "leave out"}},
		{"predict no picture", []string{"predict", saved}, []string{"1 argument missing; use it as: glyph predict RUN IMAGE..."}},
		{"predict nothing there", []string{"predict", saved, filepath.Join(root, "none.png")}, []string{"none.png", "no such"}},
		{"predict a directory", []string{"predict", saved, empty}, []string{empty, "not a regular file"}},
		{"predict text", []string{"predict", saved, file}, []string{file, "is not a PNG, JPEG or GIF"}},
		{"predict two of them", []string{"predict", saved, file, empty}, []string{file, "1 more of 2 files"}},
		{"predict the other way round", []string{"predict", file, "a b.png", saved}, []string{file, "the run comes first: glyph predict " + saved + " " + file + " 'a b.png'"}},
		{"predict blank", []string{"predict", saved, picture("blank.png", 50, 50)}, []string{"blank.png", "is blank"}},
		{"predict huge", []string{"predict", saved, bomb}, []string{"bomb.png", "100000×100000 pixels", "50 million"}},
		{"predict no run", []string{"predict", empty, file}, []string{"no such"}},
		{"plot format", []string{"plot", saved, "--format", "gif"}, []string{"--format", "gif"}},
		{"plot into a file", []string{"plot", saved, "--out", file}, []string{"--out", file}},
		{"plot other data", []string{"plot", saved, "--data", truncated}, []string{"ends after"}},
		{"report of weights", []string{"report", weights}, []string{"weights file", "directory"}},
		{"serve no port", []string{"serve", saved, "--listen", "8080"}, []string{"--listen", "HOST:PORT"}},
		{"serve no such port", []string{"serve", saved, "--listen", "127.0.0.1:99999"}, []string{"--listen 127.0.0.1:99999", "another port"}},
		{"serve other data", []string{"serve", saved, "--data", truncated}, []string{"ends after"}},
		{"export to nothing", []string{"export", saved}, []string{"--onnx FILE, --pytorch FILE or --card FILE"}},
		{"export onto a directory", []string{"export", saved, "--onnx", empty}, []string{empty, "not a regular file"}},
		{"export nowhere", []string{"export", saved, "--pytorch", filepath.Join(root, "no", "where")}, []string{"not saved", "no such"}},
		{"import no out", []string{"import", torch, "--model", "mlp"}, []string{"--out DIR is missing"}},
		{"import another model", []string{"import", torch, "--model", "mlp", "--hidden", "7", "--out", filepath.Join(root, "i")}, []string{torch, "dense_1 takes a weight of 7×784", "a different network"}},
		{"import onto a run", []string{"import", torch, "--out", saved}, []string{saved, "already holds a run"}},
		{"import text", []string{"import", file, "--model", "mlp", "--out", filepath.Join(root, "i")}, []string{file, "not a safetensors file", "plain text"}},
		{"import our own", []string{"import", weights, "--out", filepath.Join(root, "i")}, []string{"Glyph's own names and layouts"}},
		{"import std", []string{"import", torch, "--std", "0", "--out", filepath.Join(root, "i")}, []string{"--std", "must be from 1e-06 to 1"}},
		{"eval PyTorch's", []string{"eval", torch}, []string{torch, "glyph import"}},
		{"no command", []string{"tain"}, []string{`unknown command "tain"`, "did you mean glyph train?"}},
		{"help for nothing", []string{"help", "tain"}, []string{`unknown command "tain"`, "did you mean glyph train?"}},
		{"help for no data command", []string{"help", "data", "shwo"}, []string{"did you mean glyph data show?"}},
		{"two arguments missing", []string{"runs", "diff"}, []string{"2 arguments missing; use it as: glyph runs diff A B"}},
		{"too many arguments", []string{"export", "a", "b"}, []string{"too many arguments; use it as: glyph export RUN"}},
		{"no such command", []string{"upload"}, []string{`unknown command "upload"`, "train, "}},
		{"no data command", []string{"data", "upload"}, []string{`unknown command "upload"`, "download, verify, show, pack"}},
		{"nearly a data command", []string{"data", "downlaod"}, []string{"did you mean glyph data download?"}},
		{"nearly a flag", train("--epoch", "3"), []string{"unknown flag: --epoch", "did you mean --epochs?"}},
		{"no flag", train("--layers", "3"), []string{"unknown flag: --layers", "glyph train --help"}},
		{"spaces in a list", train("--model", "mlp", "--batch", "128", "--hidden", "256", "128"), []string{"did you mean --hidden 256,128?"}},
		{"equals and spaces in a list", train("--dropout=0.1", "0.2"), []string{"did you mean --dropout 0.1,0.2?"}},
		{"a switch apart", train("--augment", "true"), []string{"did you mean --augment=true?"}},
		{"an argument", train("runs/x"), []string{`no argument "runs/x"`, "use it as: glyph train"}},
		{"an argument with escapes", train("a\x1b[2J\nb"), []string{`no argument "a\x1b[2J\nb"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, errOut, status := runGlyph(t, c.args...)
			if status != 1 {
				t.Errorf("status %d, want 1", status)
			}
			if strings.Count(errOut, "\n") != 1 || !strings.HasPrefix(errOut, "glyph") {
				t.Errorf("not one line: %q", errOut)
			}
			for _, part := range c.want {
				if !strings.Contains(errOut, part) {
					t.Errorf("no %q in %q", part, errOut)
				}
			}
			if !bytes.Equal(read(t, weights), before) {
				t.Fatal("the weights saved before are changed")
			}
		})
	}
}

// TestFullDisk trains on a file system that fills up: the error names it, the
// checkpoint before stays, and with room the run goes on to the same weights.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	mount := func(flags uintptr, size string) error {
		return syscall.Mount("tmpfs", dir, "tmpfs", flags, "size="+size)
	}
	if err := mount(0, "200k"); err != nil {
		t.Skipf("a small file system to fill needs the right to mount one: %v", err)
	}
	defer syscall.Unmount(dir, 0)
	data := tinyData(t)
	_, errOut, status := runGlyph(t, tinyTrain(data, dir)...)
	if status != 1 || !strings.Contains(errOut, "no space left") || strings.Count(errOut, "\n") != 1 {
		t.Fatalf("status %d: %s", status, errOut)
	}
	if c, note, err := runs.ReadCheckpoint(dir); err != nil || note != nil || c.State.Done {
		t.Fatalf("%+v, %v, %v", c, note, err)
	}
	if _, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false"); status != 1 || !strings.Contains(errOut, "no space left") {
		t.Errorf("status %d: %s", status, errOut)
	}
	if err := mount(syscall.MS_REMOUNT, "2m"); err != nil {
		t.Fatal(err)
	}
	if _, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false"); status != 0 {
		t.Fatal(errOut)
	}
	whole := filepath.Join(t.TempDir(), "whole")
	if _, errOut, status := runGlyph(t, tinyTrain(data, whole)...); status != 0 {
		t.Fatal(errOut)
	}
	if !bytes.Equal(read(t, filepath.Join(dir, runs.LastFile)), read(t, filepath.Join(whole, runs.LastFile))) {
		t.Error("other weights than of a run on a disk with room")
	}
}
