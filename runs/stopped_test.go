package runs

import (
	"os"
	"path/filepath"
	"testing"

	"glyph/train"
)

// A run that was stopped by hand is not one that crashed, though its evaluation
// was skipped and it has no summary.
func TestStoppedWithoutAnEvaluation(t *testing.T) {
	for stopped, want := range map[train.StopReason]State{train.Interrupted: Interrupted, train.RanToEnd: Crashed} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte("model = \"mlp\"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		c := example(1)
		c.State.Stopped = stopped
		if err := WriteCheckpoint(dir, c); err != nil {
			t.Fatal(err)
		}
		if r, err := Open(dir); err != nil || r.State != want || !r.Resumable {
			t.Errorf("%q: %+v, %v", stopped, r, err)
		}
		path := filepath.Join(dir, checkpointFile)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for n := range data { // cut short anywhere
			if err := os.WriteFile(path, data[:n], 0o666); err != nil {
				t.Fatal(err)
			}
			if r, err := Open(dir); err != nil || r.State != Crashed && r.State != want {
				t.Fatalf("%q of %d bytes: %+v, %v", stopped, n, r, err)
			}
		}
	}
}
