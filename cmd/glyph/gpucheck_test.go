package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"glyph/internal/needs"
	"glyph/runs"
)

// The script that is carried to GPU machines runs rarely: what it asks of this
// program is there, and the files it compares are those that a run leaves.
func TestGPUCheckScript(t *testing.T) {
	text, err := os.ReadFile("../../bench/gpucheck/run.sh")
	if err != nil {
		t.Fatal(err)
	}
	script := string(text)
	calls := regexp.MustCompile(`"\$glyph" (\w+)(.*)`).FindAllStringSubmatch(script, -1)
	if len(calls) < 4 {
		t.Fatalf("found %d calls of glyph", len(calls))
	}
	for _, call := range calls {
		cmd, _, err := newRoot().Find([]string{call[1]})
		if err != nil || cmd.Name() != call[1] {
			t.Errorf("%s: there is no glyph %s", call[0], call[1])
			continue
		}
		for _, flag := range regexp.MustCompile(`--([a-z0-9-]+)`).FindAllStringSubmatch(call[2], -1) {
			if cmd.Flags().Lookup(flag[1]) == nil {
				t.Errorf("glyph %s has no --%s", call[1], flag[1])
			}
		}
	}
	for _, set := range []string{"epoch-mlp --model mlp --batch 16", "epoch-cnn --model cnn --filters 32,64,128 --batch 128", "SGEMM\\/4096", `compared="mlp cnn kmnist-benchmark vgg resnet"`} {
		if !strings.Contains(script, set) {
			t.Errorf("the script is without %s", set)
		}
	}
	files := regexp.MustCompile(`"\$logs/train-\d/([^"]+)"`).FindAllStringSubmatch(script, -1)
	if len(files) != 2 {
		t.Fatalf("compares %d files", len(files))
	}
	for _, file := range files {
		if path.Base(file[1]) != runs.LastFile || strings.Contains(file[1], "/") {
			t.Errorf("compares %s, not %s", file[1], runs.LastFile)
		}
	}
}

// What TestGPUCheckReports gives the script in place of the programs: each reads from the
// environment what it is to do wrong.
var checkPrograms = map[string]string{
	"glyph": `
if [ "$1" = compare ] && [ -n "$STARTED" ]; then echo started >"$STARTED"; exec sleep 100000; fi
case "$1 $*" in
devices*) if [ -n "$NO_DRIVER" ]; then echo "auto chose the cpu: no hardware GPU"; else echo "auto chooses gpu 0, the first hardware GPU"; fi ;;
compare*"--model $WRONG "*) echo "Conv2D is outside its bound" >&2; exit 1 ;;
train*"--model $KILLED "*--batch\ 16*) kill -9 $$ ;;
train*)
	out=$(echo "$*" | sed 's/.*--out \([^ ]*\).*/\1/') && mkdir "$out" && echo weights >"$out/last.safetensors" && cp "$SUMMARY" "$out/summary.json" ;;
bench*--json*) echo '{"steps": []}' ;;
bench*) echo "peak 1000 GFLOP/s, 100 GB/s" ;;
esac`,
	"gpu.test": `
case "$*" in
*SGEMM*) echo "BenchmarkSGEMM/4096/128x128 1 2 ns/op 650 GFLOP/s" ;;
*) echo "    sweep_test.go:60: hundreds of programs"; echo "--- SKIP: TestEveryTile (0.00s)"
	echo "    glfw_test.go:9: no display"; echo "--- SKIP: TestGLFW (0.00s)"; echo "--- PASS: TestA (0.1s)"
	[ -z "$CUT" ] || exit 124 ;;
esac`,
	"shaders.test": `[ -z "$NO_DISPATCH" ] || exit 1`,
	"python": `
case "$1 $2" in
"-c import torch") exit $NO_TORCH ;;
*report) echo "beside PyTorch" ;;
*measure) exit $TORCH_FAILS ;;
esac`,
	"late/timeout": `shift 3; exec "$@"`, // that never ends anything
	"late/date": `
[ "$1" = +%s ] || exec /bin/date "$@"
n=$(($(cat "$CLOCK") + 12)); echo $n >"$CLOCK"; echo $n`,
}

// gpuCheck is the script with those programs beside it in a folder, and what it is
// told besides.
func gpuCheck(t *testing.T, env []string) (cmd *exec.Cmd, dir string) {
	t.Helper()
	for _, program := range []string{"sh", "timeout", "awk", "tar", "cmp"} {
		needs.Program(t, program)
	}
	summary, err := json.Marshal(runs.Summary{ImagesPerSecond: 1000, History: []runs.Epoch{{ImagesPerSecond: 2000}, {ImagesPerSecond: 300000}}})
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	text, err := os.ReadFile("../../bench/gpucheck/run.sh")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"run.sh": string(text), "summary.json": string(summary), "clock": "0"}
	for name, program := range checkPrograms {
		files[name] = "#!/bin/sh\n" + program + "\n"
	}
	if err := os.Mkdir(filepath.Join(dir, "late"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd = exec.Command(filepath.Join(dir, "run.sh"), filepath.Join(dir, "out"))
	cmd.Env = append(os.Environ(), "PYTHON="+filepath.Join(dir, "python"), "SUMMARY="+filepath.Join(dir, "summary.json"), "CLOCK="+filepath.Join(dir, "clock"),
		"NO_TORCH=1", "TORCH_FAILS=0")
	for _, v := range env {
		if v == "PATH=late" {
			v = "PATH=" + filepath.Join(dir, "late") + ":" + os.Getenv("PATH")
		}
		cmd.Env = append(cmd.Env, v)
	}
	return cmd, dir
}

// Stopped in a part that would go on for a day, the script ends that and reports.
func TestGPUCheckStops(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "started")
	needs.Program(t, "mkfifo")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Fatal(err)
	}
	cmd, dir := gpuCheck(t, []string{"STARTED=" + pipe, "PATH=late"})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(pipe); err != nil { // waits for the part
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("a check that was stopped is well")
	}
	report, err := os.ReadFile(filepath.Join(dir, "out", "report.md"))
	if err != nil || !strings.Contains(string(report), "- compare-mlp: the check was stopped during it") {
		t.Errorf("%v\n%s", err, report)
	}
}

// Whatever happens on the way, the script ends with a report that says what is wrong, what
// did not run, and which goals are met, and fails only where something is wrong.
func TestGPUCheckReports(t *testing.T) {
	for name, c := range map[string]struct {
		env    []string
		wrong  bool
		report []string
		not    string
	}{
		"all is well": {[]string{"NO_TORCH=0"}, false, []string{"Nothing that ran was wrong", "1 passed, 0 failed, 2 skipped (hundreds of programs; no display).",
			"60,000 images | 0.2 | at most 0.10 | MISSED by a factor of 2", "| 65 | at least 60 | met |", "beside PyTorch", "## compare-resnet"}, "Did not run"},
		"no PyTorch":          {nil, false, []string{"Nothing that ran was wrong", "## Did not run", "- steps in PyTorch: "}, "beside PyTorch"},
		"PyTorch that fails":  {[]string{"NO_TORCH=0", "TORCH_FAILS=3"}, true, []string{"- torch-1: status 3", "1 passed"}, "beside PyTorch"},
		"no driver":           {[]string{"NO_DRIVER=1"}, true, []string{"- OpenGL finds no hardware GPU", "not measured", "auto chose the cpu"}, "suite"},
		"a wrong number":      {[]string{"WRONG=cnn"}, true, []string{"- compare-cnn: status 1; Conv2D is outside its bound", "## compare-vgg", "1 passed"}, "Nothing"},
		"a part that is shot": {[]string{"KILLED=mlp"}, true, []string{"- epoch-mlp: killed by signal 9", "mlp, batch 16: seconds of 60,000 images | not measured", "cnn 32-64-128, batch 128: seconds of 60,000 images | 0.2", "1 passed"}, "Nothing"},
		"a suite cut short":   {[]string{"CUT=1", "LIMIT=100"}, false, []string{"Nothing that ran was wrong", "- suite: not finished; only", "1 passed"}, "Wrong"},
		"no time":             {[]string{"PATH=late"}, false, []string{"- bench: no time was left of 450 s", "- suite: no time", "- steps in PyTorch: no time", "not measured"}, "Wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd, dir := gpuCheck(t, c.env)
			output, err := cmd.CombinedOutput()
			var failed *exec.ExitError
			if err != nil && !errors.As(err, &failed) || (err != nil) != c.wrong {
				t.Fatalf("%v\n%s", err, output)
			}
			report, err := os.ReadFile(filepath.Join(dir, "out", "report.md"))
			if err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			for _, want := range c.report {
				if !strings.Contains(string(report), want) {
					t.Errorf("the report is without %q:\n%s", want, report)
				}
			}
			if strings.Contains(string(report), c.not) {
				t.Errorf("the report has %q:\n%s", c.not, report)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "out", "*")); err != nil || len(left) != 2 {
				t.Errorf("%v are left, want the report and the logs", left)
			}
		})
	}
}
