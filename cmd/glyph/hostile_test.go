package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"glyph/device"
	"glyph/exchange/safetensors"
	"glyph/kmnist"
	"glyph/runs"
)

// hostile is a name that would clear a screen, colour it, reorder a line and add
// one of its own, if it reached a terminal as it is.
const hostile = "h\x1b[2J\x1b]0;t\x07\u009b31m\u202er\nforged line"

// harmless reports what in a text a terminal would act on, and lines that a name
// has added.
func harmless(text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("bytes that are not UTF-8")
	}
	for _, r := range text {
		if r != '\n' && !unicode.IsPrint(r) {
			return fmt.Errorf("the character %U", r)
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "forged") {
			return fmt.Errorf("a line of a name's own")
		}
	}
	return nil
}

// endless is the output of a command that may have to be stopped, once it says
// how.
type endless struct {
	io.Writer
	stop func()
}

func (e endless) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("press Ctrl-C to stop")) {
		e.stop()
	}
	return e.Writer.Write(p)
}

// hostileRun is a run in a hostile directory, of data in another, whose records
// say hostile things. It can be evaluated.
func hostileRun(t *testing.T, root, data string) string {
	t.Helper()
	dir := filepath.Join(root, hostile)
	if _, errOut, status := runGlyph(t, tinyTrain(data, dir, "--epochs", "1")...); status != 0 {
		t.Fatal(errOut)
	}
	return dir
}

// change replaces a part of a file, which must be there.
func change(t *testing.T, path, from, to string) {
	t.Helper()
	text := string(read(t, path))
	if !strings.Contains(text, from) {
		t.Fatalf("%s has no %q", path, from)
	}
	write(t, path, []byte(strings.Replace(text, from, to, 1)))
}

// Names of runs, files and settings, texts that runs keep, and arguments never
// reach a terminal as they are: each command quotes them where it prints them.
func TestHostileNames(t *testing.T) {
	notShort(t)
	root := t.TempDir()
	data := filepath.Join(root, "data"+hostile)
	if err := os.CopyFS(data, os.DirFS(tinyData(t))); err != nil {
		t.Fatal(err)
	}
	whole := hostileRun(t, filepath.Join(root, "whole"), data)
	// Runs whose records are hostile too.
	all := filepath.Join(root, "all")
	failed, crashed, broken := filepath.Join(all, "failed"+hostile), filepath.Join(all, "crashed"+hostile), filepath.Join(all, "broken"+hostile)
	for _, dir := range []string{failed, crashed, broken} {
		if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
	}
	inJSON, inTOML := `"\u001b[2J\u009b31m\u202e\nforged line"`, `"\u001b[2J\u009b31m\u202e\nforged line"`
	change(t, filepath.Join(failed, runs.SummaryFile), `"device": "`, `"device": `+inJSON+`, "x": "`)
	change(t, filepath.Join(failed, runs.ConfigFile), `model = "mlp"`, "model = "+inTOML)
	write(t, filepath.Join(failed, runs.FailureFile), []byte(hostile))
	if err := os.Remove(filepath.Join(crashed, runs.SummaryFile)); err != nil {
		t.Fatal(err)
	}
	change(t, filepath.Join(broken, runs.ConfigFile), `model = "mlp"`, "model = \"mlp\"\n\x1b = [")
	weights, text, empty, studied := filepath.Join(whole, runs.LastFile), filepath.Join(root, "text"+hostile), filepath.Join(root, "empty"+hostile), filepath.Join(root, "study"+hostile)
	write(t, text, []byte(hostile))
	os.Mkdir(empty, 0o777)
	picture := filepath.Join(root, "picture"+hostile+".png")
	write(t, picture, read(t, "../../docs/pictures/serve.png"))
	config := filepath.Join(root, "config"+hostile)
	write(t, config, []byte("model = "+inTOML))
	keys := filepath.Join(root, "keys"+hostile)
	write(t, keys, []byte(inTOML+" = 3"))
	values := filepath.Join(root, "values"+hostile)
	write(t, values, []byte("lr = "+inTOML))
	settings := func(key string) string {
		path := filepath.Join(root, "setting "+key+hostile)
		write(t, path, []byte(key+" = "+inTOML))
		return path
	}
	// Names of classes, and metadata of weights.
	classes := filepath.Join(root, "classes"+hostile)
	write(t, classes, []byte(strings.Repeat("\x1b[31m\u009b\u202ex\n", 10)))
	named := filepath.Join(root, "named"+hostile)
	w, err := runs.OpenWeights(whole)
	if err != nil {
		t.Fatal(err)
	}
	dev := device.OpenCPU()
	defer dev.Close() //nolint:errcheck // the processor does not fail
	net, err := w.Network(dev, 1)
	if err != nil {
		t.Fatal(err)
	}
	about := w.Metadata
	about.Classes = nil
	for i := range 10 {
		about.Classes = append(about.Classes, kmnist.Class{Symbol: "\x1b[31m", Name: fmt.Sprint(hostile, i)})
	}
	elsewhere := about
	elsewhere.Data = hostile
	lost := filepath.Join(root, "lost"+hostile)
	for path, m := range map[string]runs.Metadata{named: about, lost: elsewhere} {
		if err := safetensors.Save(path, net, m.Map()); err != nil {
			t.Fatal(err)
		}
	}
	torch, onnx := filepath.Join(root, "torch"+hostile), filepath.Join(root, "onnx"+hostile)
	train := func(more ...string) []string {
		return append([]string{"train", "--data", data, "--model", "linear", "--epochs", "1", "--out", filepath.Join(root, "out"+hostile)}, more...)
	}
	worked := map[string]int{}
	study := []string{"study", "gradients", "--quick", "--backend", "cpu", "--data", data, "--out", studied}
	for i, args := range [][]string{
		{"runs", all}, {"runs", all, "--json"}, {"runs", empty}, {"runs", filepath.Join(empty, "x")}, {"runs", all, "--filter", hostile}, {"runs", all, "--sort", hostile},
		{"runs", "diff", failed, crashed}, {"runs", "diff", failed, crashed, "--json"}, {"runs", "diff", failed, broken}, {"runs", "diff", empty, text},
		{"watch", whole}, {"watch", failed}, {"watch", crashed}, {"watch", broken}, {"watch", empty}, {"watch", text},
		{"eval", whole}, {"eval", whole, "--json"}, {"eval", weights}, {"eval", text}, {"eval", empty}, {"eval", whole, "--data", empty}, {"eval", whole, "--data", text},
		{"eval", whole, "--device", hostile}, {"eval", whole, "--backend", hostile}, {"eval", whole, "--batch", hostile}, {"eval", failed},
		{"plot", whole}, {"plot", whole, "--out", filepath.Join(root, "plots"+hostile)}, {"plot", whole, "--out", text}, {"plot", whole, "--format", hostile}, {"plot", failed},
		{"report", whole}, {"report", weights}, {"report", text}, {"report", failed}, {"report", broken},
		{"predict", whole, picture}, {"predict", whole, picture, "--json"}, {"predict", whole, picture, "--show"}, {"predict", picture, whole}, {"predict", whole, text, empty, filepath.Join(empty, "x")},
		{"serve", text}, {"serve", whole, "--listen", hostile}, {"serve", whole, "--listen", "127.0.0.1:" + hostile}, {"serve", whole, "--data", empty}, {"serve", whole, "--listen", "127.0.0.1:0"},
		{"export", whole, "--onnx", onnx}, {"export", whole, "--pytorch", torch}, {"export", whole, "--onnx", empty}, {"export", text, "--onnx", onnx},
		{"import", torch, "--out", filepath.Join(root, "imported"+hostile), "--data", data}, {"import", torch, "--out", whole}, {"import", text, "--out", filepath.Join(root, "i")},
		{"import", torch, "--model", hostile, "--out", filepath.Join(root, "j")},
		train(), train(), train("--out", text), train("--out", filepath.Join(root, "none"+hostile), "--augment", hostile), train("--resume", empty), {"train", "--resume", failed}, {"train", "--resume", whole},
		{"train", "--resume", crashed, "--lr", hostile}, {"train", "--resume", crashed}, train("--config", config), train("--config", keys), train("--config", values), train("--config", text), train("--config", empty),
		train("--model", hostile), train("--activation", hostile), train("--optimizer", hostile), train("--schedule", hostile), train("--init", hostile), train("--hidden", hostile), train("--weights", text),
		train("--data", empty), train("--data", text), train("--" + hostile), train("--" + hostile + "=1"), train(hostile),
		{"compare", "--model", hostile}, {"compare", "--against", hostile}, {"compare", "--backend", "cpu", "--data", empty}, {"compare", "--backend", "cpu", "--model", "linear", "--data", data, "--steps", "2"},
		{"bench", "--model", hostile, "--backend", "cpu"}, {"bench", "--time", hostile}, {"bench", hostile}, {"gradcheck", hostile}, {"devices", hostile}, {"summary", "--model", hostile}, {"summary", "--config", keys},
		study, {"study", hostile}, {"study", "--shard", hostile}, {"study", "merge", studied, "--out", filepath.Join(root, "merged"+hostile)}, {"study", "merge", empty, "--out", studied}, {"study", "report", studied}, {"study", "report", empty},
		{"data", "verify", data}, {"data", "verify", empty}, {"data", "verify", text}, {"data", "show", "--data", data}, {"data", "show", "--data", data, "--out", filepath.Join(empty, "x", "y")}, {"data", "show", "--data", data, "--out", picture}, {"data", hostile},
		{hostile}, {"--" + hostile}, {"help", hostile},
		{"data", "show", "--data", data, "--classes", classes}, {"data", "show", "--data", data, "--classes", empty}, train("--classes", classes, "--out", "none"),
		{"eval", named, "--data", data}, {"eval", named, "--json"}, {"plot", named}, {"predict", named, picture}, {"serve", named, "--listen", "127.0.0.1:0"}, {"export", named, "--onnx", onnx}, {"export", named, "--pytorch", torch},
		train("--config", settings("data")), train("--config", settings("classes")), train("--config", settings("optimizer")), train("--config", settings("weights")), train("--config", settings("hidden")), train("--config", settings("data-hash")),
		{"runs", all, "--filter", "model=" + hostile}, {"runs", all, "--filter", "lr=" + hostile}, {"runs", text}, {"data", "verify", torch}, {"import", torch, "--order", hostile, "--out", filepath.Join(root, "k")}, {"import", torch, "--map", hostile, "--out", filepath.Join(root, "l")},
		{"__complete", "eval", all}, {"__complete", "train", "--data", ""}, {"__complete", "train", "--resume", all},
		{"study", "merge", hostile, studied, "--out", filepath.Join(root, "again"+hostile)}, {"study", "gradients", "--data", empty}, {"study", "--out", text, "gradients", "--data", data}, {"study", "report", text},
		{"eval", lost}, {"plot", lost}, {"predict", lost, picture}, {"serve", lost, "--listen", "127.0.0.1:0"},
	} {
		var out, errOut bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		status := 0
		if slices.Contains(args, "--json") { // JSON keeps names as they are; the last writer escapes them
			status = run(args, &out, &errOut)
		} else {
			status = execute(ctx, args, endless{&out, cancel}, &errOut)
		}
		cancel()
		if status == 2 {
			t.Errorf("%d: %q: a panic: %s", i, args, errOut.String())
		}
		if status == 0 {
			worked[args[0]]++
		}
		for name, text := range map[string]string{"standard output": out.String(), "standard error": errOut.String()} {
			if err := harmless(text); err != nil {
				t.Errorf("%d: %q prints %v on %s:\n%q", i, args, err, name, text)
			}
		}
	}
	for _, name := range []string{"runs", "watch", "eval", "plot", "report", "predict", "serve", "export", "import", "train", "compare", "study", "data"} {
		if worked[name] == 0 {
			t.Errorf("glyph %s failed whatever it was asked", name)
		}
	}
	// So does the page that is made of a run.
	for _, dir := range []string{whole, failed} {
		if page := string(read(t, filepath.Join(dir, "report.html"))); !strings.Contains(page, `\u001b[2J`) || strings.ContainsAny(page, "\x1b\x07\u009b\u202e") {
			t.Errorf("the report of %q has a name as it is", dir)
		}
	}
}

// Where a name is quoted nowhere, the last writer makes it harmless.
func TestOutputIsHarmless(t *testing.T) {
	for _, args := range [][]string{{hostile}, {"runs", hostile}, {"train", "--" + hostile}, {"summary", "--model", hostile}} {
		out, errOut, status := runGlyph(t, args...)
		if err := harmless(out + errOut); status != 1 || err != nil {
			t.Errorf("%q: status %d, prints %v: %q", args, status, err, errOut)
		}
	}
}
