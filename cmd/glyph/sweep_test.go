package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"glyph/study"
)

// tinySweep is a sweep of 4 combinations with 2 seeds, on tinyData.
func tinySweep(data, out string, more ...string) []string {
	return append([]string{"sweep", "--data", data, "--backend", "cpu", "--model", "mlp", "--hidden", "8/8,4", "--lr", "0.01,0.1",
		"--seed", "1..2", "--batch", "16", "--epochs", "4", "--validation", "0.25", "--out", out}, more...)
}

// but is the flags of a command without those named, which are given again.
func but(args []string, more ...string) []string {
	var kept []string
	for i := 0; i < len(args); i++ {
		if strings.HasPrefix(args[i], "--") && slices.Contains(more, args[i]) {
			i++
			continue
		}
		kept = append(kept, args[i])
	}
	return append(kept, more...)
}

// swept runs a command that has to succeed.
func swept(t *testing.T, args ...string) (out string) {
	t.Helper()
	out, errOut, status := runGlyph(t, args...)
	if status != 0 {
		t.Fatalf("%v: status %d: %s%s", args, status, out, errOut)
	}
	return out
}

// ranked is a leaderboard from JSON, without what the clock measured.
func ranked(t *testing.T, text []byte) study.Leaderboard {
	t.Helper()
	var b study.Leaderboard
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for i := range b.Rows {
		b.Rows[i].Seconds = 0
	}
	return b
}

func sameBoard(t *testing.T, what string, a, b study.Leaderboard) {
	t.Helper()
	one, _ := json.Marshal(a)
	two, _ := json.Marshal(b)
	if string(one) != string(two) {
		t.Errorf("%s:\n%s\nwant\n%s", what, one, two)
	}
}

// A sweep prints and keeps its leaderboard, has nothing to do when it is run again,
// and its shards merge to the same.
func TestSweep(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	whole := filepath.Join(root, "whole")
	out := swept(t, tinySweep(data, whole)...)
	for _, part := range []string{"4 combinations, 2 seeds, 8 trainings", "8/8", "hidden 8,4, lr 0.1, seed 2: ", "the mean of 2 seeds", "± sd", "best     glyph train --model mlp"} {
		if !strings.Contains(out, part) {
			t.Errorf("no %q in\n%s", part, out)
		}
	}
	kept := ranked(t, read(t, filepath.Join(whole, study.LeaderboardFile)))
	if len(kept.Rows) != 4 || kept.Missing != 0 || kept.Trials != 8 || len(kept.Rows[0].Accuracies) != 2 {
		t.Errorf("%+v", kept)
	}
	printed, errOut, status := runGlyph(t, tinySweep(data, whole, "--json")...)
	if status != 0 || strings.Contains(errOut, "seed 2: ") || strings.Count(printed, "\n") != 1 {
		t.Errorf("again: status %d: %s%s", status, printed, errOut)
	}
	sameBoard(t, "--json", ranked(t, []byte(printed)), kept)
	sameBoard(t, "report", ranked(t, []byte(swept(t, "sweep", "report", whole, "--json"))), kept)

	a, b, merged := filepath.Join(root, "a"), filepath.Join(root, "b"), filepath.Join(root, "merged")
	swept(t, tinySweep(data, a, "--shard", "0/2", "--shard-from", "0")...)
	if second := swept(t, tinySweep(data, b, "--shard", "2/2")...); !strings.Contains(second, "glyph sweep merge") || strings.Contains(second, "best") {
		t.Errorf("a shard:\n%s", second)
	}
	sameBoard(t, "merged", ranked(t, []byte(swept(t, "sweep", "merge", a, b, "--out", merged, "--json"))), kept)
}

// The command that a leaderboard gives trains to the validation accuracy in it.
func TestSweepTrainsAsTrain(t *testing.T) {
	data, out := tinyData(t), t.TempDir()
	rows := ranked(t, []byte(swept(t, but(tinySweep(data, out), "--optimizer", "sgd,adam", "--dropout", "0.1", "--augment", "--patience", "2", "--seed", "3", "--json")...))).Rows
	// Without patience, and at a rate at which the last epoch is not the best.
	more := ranked(t, []byte(swept(t, but(tinySweep(data, out), "--lr", "0.3,0.9", "--epochs", "8", "--seed", "1", "--json")...))).Rows
	for i, row := range append(rows, more...) {
		if i%3 != 0 && i < len(rows) {
			continue // every third will do
		}
		var got struct {
			Accuracy float64 `json:"validation_accuracy"`
			Loss     float64 `json:"validation_loss"`
		}
		lastJSON(t, swept(t, append(row.Train, "--data", data, "--backend", "cpu", "--out", "none", "--json")...), &got)
		if got.Accuracy != row.Mean || got.Loss != *row.Loss {
			t.Errorf("%v: %v, %v; the sweep had %v, %v", row.Train, got.Accuracy, got.Loss, row.Mean, *row.Loss)
		}
	}
}

// An interrupted sweep says how far it came, and goes on from there; so does one
// that was killed.
func TestSweepInterrupt(t *testing.T) {
	data, out := tinyData(t), t.TempDir()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		dir := filepath.Join(out, signal.String())
		args := tinySweep(data, dir, "--parallel", "1", "--halving", "--eta", "2")
		cmd, pipe, errOut := started(t, args...)
		for lines := bufio.NewScanner(pipe); lines.Scan(); {
			if strings.HasPrefix(strings.TrimSpace(lines.Text()), "3/") {
				cmd.Process.Signal(signal)
			}
		}
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); signal == syscall.SIGINT && (code != 130 || !strings.Contains(errOut.String(), "run the same command again")) {
			t.Fatalf("exit status %d: %s", code, errOut.String())
		}
		kept := read(t, filepath.Join(dir, "results.jsonl"))
		if n := strings.Count(string(kept), `"result"`); n < 3 {
			t.Errorf("%d results kept", n)
		}
		swept(t, args...)
		all := string(read(t, filepath.Join(dir, "results.jsonl")))
		whole, _, _ := strings.Cut(string(kept), "\x00")
		if end := strings.LastIndexByte(whole, '\n') + 1; !strings.HasPrefix(all, whole[:end]) {
			t.Error("what was kept is changed")
		}
		ids := map[string]bool{}
		for _, id := range regexp.MustCompile(`"result":\{"id":"\w+"`).FindAllString(all, -1) {
			if ids[id] {
				t.Errorf("%s is there twice", id)
			}
			ids[id] = true
		}
		if len(ids) != 2*(4+2+1) {
			t.Errorf("%d trainings", len(ids))
		}
	}
	var boards []study.Leaderboard
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		boards = append(boards, ranked(t, read(t, filepath.Join(out, signal.String(), study.LeaderboardFile))))
	}
	sameBoard(t, "interrupted and killed", boards[0], boards[1])
}

func TestSweepBadInput(t *testing.T) {
	data, out := tinyData(t), filepath.Join(t.TempDir(), "out")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--lr", "fast"}, "--lr: fast: want a number"},
		{[]string{"--lr", "0.1,"}, "--lr: a value is empty"},
		{[]string{"--lr", "0.1,-1"}, "--lr must be a positive number that a float32 holds, not -1 (with hidden 8, lr -1)"},
		{[]string{"--lr", "0.1..0.2"}, "draw some with --random N"},
		{[]string{"--hidden", "1..5"}, "--hidden: 1..5 is a range, and hidden takes whole numbers"},
		{[]string{"--hidden", "128;64"}, "--hidden: 128;64: want whole numbers with commas between them"},
		{[]string{"--optimizer", "sgd,adm"}, "--optimizer: adm: did you mean adam?"},
		{[]string{"--seed", "5..1"}, "--seed: the range 5..1 falls"},
		{[]string{"--validation", "0"}, "--validation must be above 0"},
		{[]string{"--validation", "39"}, "validation"},
		{[]string{"--limit", "41"}, "limit"},
		{[]string{"--random", "0"}, "--random must be at least 1"},
		{[]string{"--draw-seed", "2"}, "--random, which is missing"},
		{[]string{"--eta", "2"}, "--halving, which is missing"},
		{[]string{"--halving", "--eta", "1"}, "--eta must be at least 2"},
		{[]string{"--halving", "--min-epochs", "0"}, "--min-epochs must be at least 1"},
		{[]string{"--halving", "--min-epochs", "4"}, "nothing to halve"},
		{[]string{"--halving", "--eta", "2", "--epochs", "4,8"}, "epochs"},
		{[]string{"--shard", "3/2"}, "--shard: there is no shard 3 of 2"},
		{[]string{"--shard", "1/2", "--json"}, "glyph sweep merge"},
		{[]string{"--model", "mlp,cnm"}, "--model: cnm: did you mean cnn?"},
		{[]string{"--batch", "1..200", "--epochs", "1..200"}, "more than 10,000 combinations"},
		{[]string{"--lrr", "1"}, "did you mean --lr"},
		{[]string{"a.toml", "b.toml"}, "one file at most"},
	} {
		printed, errOut, status := runGlyph(t, but(tinySweep(data, out), c.args...)...)
		if status != 1 || !strings.Contains(errOut, c.says) || strings.Count(strings.TrimSpace(errOut), "\n") != 0 {
			t.Errorf("%v: status %d, %q, want %q; printed %q", c.args, status, errOut, c.says, printed)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a sweep that never began left its directory")
	}
	for _, args := range [][]string{{"sweep", "report"}, {"sweep", "report", data}, {"sweep", "merge"}, {"sweep", "merge", data, "--out", out}, {"sweep", "merge", data}} {
		if _, errOut, status := runGlyph(t, args...); status != 1 || strings.Count(strings.TrimSpace(errOut), "\n") != 0 {
			t.Errorf("%v: status %d, %q", args, status, errOut)
		}
	}
}

// One list of numbers is one network, and a note says so.
func TestSweepListNote(t *testing.T) {
	data, out := tinyData(t), t.TempDir()
	args := []string{"sweep", "--data", data, "--backend", "cpu", "--model", "mlp", "--batch", "16", "--epochs", "1", "--out", out, "--lr", "0.1,0.01", "--hidden"}
	_, errOut, status := runGlyph(t, append(args, "8,4")...)
	if status != 0 || !strings.Contains(errOut, "note: --hidden 8,4 is one network") || !strings.Contains(errOut, "128/256,64") {
		t.Errorf("status %d: %s", status, errOut)
	}
	if _, errOut, _ := runGlyph(t, append(args, "8/4")...); strings.Contains(errOut, "note") {
		t.Errorf("%s", errOut)
	}
}
