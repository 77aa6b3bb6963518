package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Several runs are evaluated alone and together, and an ensemble of one run twice
// is that run.
func TestEvalEnsemble(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	dirs := []string{filepath.Join(root, "a"), filepath.Join(root, "b")}
	for i, dir := range dirs {
		if _, errOut, status := runGlyph(t, tinyTrain(data, dir, "--epochs", "3", "--seed", string(rune('1'+i)))...); status != 0 {
			t.Fatal(errOut)
		}
	}
	eval := func(args ...string) (e evaluation) {
		t.Helper()
		out, errOut, status := runGlyph(t, append([]string{"eval", "--json", "--backend", "cpu"}, args...)...)
		if status != 0 {
			t.Fatal(errOut)
		}
		lastJSON(t, out, &e)
		return e
	}
	a, b, both := eval(dirs[0]), eval(dirs[1]), eval(dirs...)
	if len(both.Members) != 2 || both.Members[0].TestLoss != a.TestLoss || both.Members[1].TestAccuracy != b.TestAccuracy {
		t.Errorf("members %+v; alone they are %+v and %+v", both.Members, a, b)
	}
	if both.Parameters != a.Parameters+b.Parameters || both.TestLoss >= (a.TestLoss+b.TestLoss)/2 {
		t.Errorf("together: %d parameters, loss %v; alone %v and %v", both.Parameters, both.TestLoss, a.TestLoss, b.TestLoss)
	}
	if twice := eval(dirs[0], dirs[0]); twice.TestAccuracy != a.TestAccuracy {
		t.Errorf("a run twice has accuracy %v, once %v", twice.TestAccuracy, a.TestAccuracy)
	}
	if moved := eval(dirs[0], "--tta", "1"); moved.Views != 9 || moved.TestLoss == a.TestLoss {
		t.Errorf("with nine views: %+v", moved)
	}
	out, errOut, status := runGlyph(t, "eval", dirs[0], dirs[1], "--tta", "2", "--backend", "cpu")
	if status != 0 || strings.Count(out, "\nalone    loss") != 2 || !strings.Contains(out, "together 2 networks") || !strings.Contains(out, "up to 9 views") {
		t.Errorf("eval prints %s%s", out, errOut)
	}
}

func TestEvalEnsembleErrors(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	_, run := trainedRun(t)
	other := filepath.Join(root, "other")
	classes := filepath.Join(root, "names.txt")
	if err := os.WriteFile(classes, []byte("0\n1\n2\n3\n4\n5\n6\n7\n8\nx\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, errOut, status := runGlyph(t, tinyTrain(data, other, "--epochs", "1", "--classes", classes)...); status != 0 {
		t.Fatal(errOut)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"eval", run, other}, "label "},
		{[]string{"eval", run, filepath.Join(root, "none")}, "none"},
		{[]string{"eval", run, "--tta", "9"}, "--tta must be from 0 to 8 pixels, not 9"},
		{[]string{"eval", run, "--tta", "-1"}, "not -1"},
	} {
		_, errOut, status := runGlyph(t, c.args...)
		if status == 0 || !strings.Contains(errOut, c.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v: status %d, %q, want %q", c.args[1:], status, errOut, c.want)
		}
	}
}

// A recipe sets what nobody else does, its values are in the run's config, and with
// another model it is how to train that.
func TestRecipe(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "run")
	train := func(more ...string) string {
		t.Helper()
		args := append([]string{"train", "--data", data, "--epochs", "1", "--report=false", "--backend", "cpu", "--out", dir, "--recipe", "fast"}, more...)
		if _, errOut, status := runGlyph(t, args...); status != 0 {
			t.Fatal(errOut)
		}
		config := string(read(t, filepath.Join(dir, "config.toml")))
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		return config
	}
	for _, c := range []struct {
		more      []string
		has, lack []string
	}{
		{nil, []string{`model = "vgg"`, `optimizer = "adamw"`, "lr = 0.005", "cutout = 8", "epochs = 1\n"}, []string{"recipe"}},
		{[]string{"--lr", "0.01", "--cutout", "0"}, []string{`model = "vgg"`, "lr = 0.01"}, []string{"cutout = 8"}},
		{[]string{"--optimizer", "momentum", "--augment=false"}, []string{`optimizer = "momentum"`, "label-smoothing = 0.1"}, []string{"weight-decay = 0.3", "cutout", "shift = 3"}},
		{[]string{"--model", "linear"}, []string{`model = "linear"`, `optimizer = "adamw"`}, []string{"vgg"}},
	} {
		config := train(c.more...)
		for _, want := range c.has {
			if !strings.Contains(config, want) {
				t.Errorf("%v: no %q in\n%s", c.more, want, config)
			}
		}
		for _, not := range c.lack {
			if strings.Contains(config, not) {
				t.Errorf("%v: %q in\n%s", c.more, not, config)
			}
		}
	}
	_, errOut, status := runGlyph(t, "train", "--data", data, "--recipe", "slow")
	if status == 0 || !strings.Contains(errOut, `unknown recipe "slow"; known are best, fast`) {
		t.Errorf("status %d, %q", status, errOut)
	}
}
