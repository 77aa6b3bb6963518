package flags

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"glyph/runs"
)

// The command of a run's config gives the same config, whatever was set: settings, a
// recipe, numbers at their limits, and texts that a shell would take apart.
func TestCommandRepeatsTheConfig(t *testing.T) {
	configOf := func(args []string, kept map[string]string) string {
		t.Helper()
		var f Train
		cmd := &cobra.Command{}
		f.Add(cmd.Flags())
		AddConfig(cmd)
		if err := cmd.ParseFlags(args); err != nil {
			t.Fatal(args, err)
		}
		if err := f.Read(cmd); err != nil {
			t.Fatal(args, err)
		}
		text, err := Config(cmd.Flags(), kept)
		if err != nil {
			t.Fatal(args, err)
		}
		return string(text)
	}
	for line, want := range map[string]string{
		"":                              "train --data /a b --validation 0 --backend cpu",
		"--validation 0.1 --limit 1000": "train --data /a b --limit 1000 --backend cpu",
		"--recipe fast":                 "train --recipe fast --data /a b --backend cpu",
		"--recipe best --seed 18446744073709551615 --epochs 3":                                       "",
		"--recipe fast --seed 2":                                                                     "train --recipe fast --data /a b --seed 2 --backend cpu",
		"--recipe fast --model linear":                                                               "",
		"--augment --shift 0 --dropout 0.1,0.2 --lr 1e-07":                                           "",
		"--optimizer momentum --momentum 0.95 --weight-decay 0.3 --l2 0.0001":                        "",
		"--model mlp --hidden 64,32 --patience 3 --validation 0.25 --warmup 2":                       "",
		"--checkpoint 0 --size 32x32x3 --device 1":                                                   "",
		"--rotation 7.3 --scale 0.1 --cutout 8 --normalise pixel --activation leaky-relu:0.2":        "",
		"--label-smoothing 0.1 --ema 0.999 --schedule one-cycle --batch 7 --epochs 9 --ema 0 --l2 0": "",
	} {
		kept := map[string]string{"data": "/a b", "data-hash": "h", "backend": "cpu"}
		if !strings.Contains(line, "--validation") && !strings.Contains(line, "--recipe") {
			kept["validation"] = "0" // as of too few images
		}
		dir := t.TempDir()
		text := configOf(strings.Fields(line), kept)
		if err := os.WriteFile(filepath.Join(dir, runs.ConfigFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		r, err := runs.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		args := r.Command()
		if got := configOf(args[1:], map[string]string{"data-hash": "h"}); got != text {
			t.Errorf("%s: %q gives\n%sand not\n%s", line, args, got, text)
		}
		if got := strings.Join(args, " "); want != "" && got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}
