package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cluster is where the examples for clusters are.
const cluster = "../../docs/cluster"

// example runs a command in a new directory's place, with this test as glyph.
func example(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	self, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append(env, "GLYPH_TEST_MAIN=1", "GLYPH="+self, "GLYPH_SHARDS=2")...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// complete holds a directory to a report with nothing missing.
func complete(t *testing.T, dir string) {
	t.Helper()
	if text := string(read(t, filepath.Join(dir, "report.md"))); strings.Contains(text, "have not run yet") || !strings.Contains(text, "**holds**") {
		t.Errorf("the report is not whole:\n%.600s", text)
	}
}

func script(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(cluster, name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// The Slurm example, with what Slurm sets.
func TestSlurmExample(t *testing.T) {
	notShort(t)
	dir := t.TempDir()
	for _, id := range []string{"1", "2"} {
		env := []string{"GLYPH_DATA=" + tinyData(t), "SLURM_ARRAY_TASK_ID=" + id, "SLURM_CPUS_PER_TASK=2"}
		example(t, dir, env, "bash", script(t, "slurm.sh"), "--quick", "l2", "gradients")
	}
	out, errOut, status := runGlyph(t, "study", "merge", filepath.Join(dir, "parts/1"), filepath.Join(dir, "parts/2"), "--out", filepath.Join(dir, "all"))
	if status != 0 {
		t.Fatalf("%s%s", out, errOut)
	}
	complete(t, filepath.Join(dir, "all"))
}

// The example for GNU parallel, on this machine.
func TestParallelExample(t *testing.T) {
	if _, err := exec.LookPath("parallel"); err != nil {
		t.Skip("GNU parallel is not here")
	}
	dir := t.TempDir()
	example(t, dir, []string{"GLYPH_DATA=" + tinyData(t), "GLYPH_STUDY=--quick l2 gradients"}, "bash", script(t, "parallel.sh"))
	complete(t, filepath.Join(dir, "runs/study"))
}

// kubernetesArgs is the command and the arguments of an Indexed Job, with an index,
// the data, and a directory in place of its volume.
func kubernetesArgs(t *testing.T, text, index, volume, data, root string) (args []string) {
	t.Helper()
	completions := regexp.MustCompile(`completions: (\d+)`).FindStringSubmatch(text)
	if completions == nil || !strings.Contains(text, "--shard=$(JOB_COMPLETION_INDEX)/"+completions[1]+"\n") || !strings.Contains(text, "completionMode: Indexed") {
		t.Fatal("completions and --shard differ")
	}
	command := regexp.MustCompile(`command: \[/glyph, (\w+)\]`).FindStringSubmatch(text)
	if command == nil {
		t.Fatal("it runs no command of glyph")
	}
	args = []string{command[1]}
	for _, m := range regexp.MustCompile(`(?m)^ +- (\S+)$`).FindAllStringSubmatch(text, -1) {
		arg := strings.NewReplacer("$(JOB_COMPLETION_INDEX)", index, volume+"/kmnist", data, volume+"/", root+"/").Replace(m[1])
		args = append(args, arg)
	}
	return args
}

// The arguments of the Kubernetes example, with the index that Kubernetes sets.
func TestKubernetesExample(t *testing.T) {
	notShort(t)
	text := string(read(t, filepath.Join(cluster, "kubernetes.yaml")))
	root, data := t.TempDir(), tinyData(t)
	for _, index := range []string{"0", "7"} {
		args := kubernetesArgs(t, text, index, "/study", data, root)
		if args[0] != "study" || len(args) != 1+5 {
			t.Fatalf("arguments %v", args)
		}
		args = append(args, "--quick", "gradients", "l2")
		if out, errOut, status := runGlyph(t, args...); status != 0 || !strings.Contains(out, "is complete in "+root+"/parts/"+index) {
			t.Errorf("index %s: status %d: %s%s", index, status, out, errOut)
		}
	}
}
