package runs

import (
	"bufio"
	"os"
	"testing"
)

// What can't be written is told once, not once a line.
func TestFullDiskIsOneError(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	l := &MetricsLog{path: "run/metrics.jsonl", f: full, w: bufio.NewWriter(full)}
	defer l.f.Close()
	for step := range 1000 {
		l.Add(Metric{Step: step + 1})
		l.Flush()
	}
	const want = "run/metrics.jsonl not saved: no space left on device"
	if _, err := l.Sync(); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}
