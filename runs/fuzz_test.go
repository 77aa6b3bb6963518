package runs

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// summed ends a checkpoint's bytes with their checksum, so that what is behind it
// is read.
func summed(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

// FuzzCheckpoint reads any bytes as a checkpoint, and any header with its checksum:
// there is an error or a state, nothing panics, and what is read is written to the
// same again.
func FuzzCheckpoint(f *testing.F) {
	data, err := encodeCheckpoint(example(3))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:40])
	if data, err = encodeCheckpoint(averaged(3)); err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, name := range []string{"crashed", "early", "finished"} {
		old, err := os.ReadFile(filepath.Join(oldRuns, name, checkpointFile))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(old)
	}
	for _, header := range []string{`{}`, `{"state":{}}`, `{"state":null}`, `{"state":{"epochs":[{"holdout_loss":1}]},"arrays":[-1,0,0,0]}`, `{"state":{"epoch":-1,"stopped":"why"},"arrays":[1,9223372036854775807,0,0]}`} {
		body := append([]byte(checkpointMagic), 1, 0, 0, 0)
		body = binary.LittleEndian.AppendUint32(body, uint32(len(header)))
		f.Add(append(append(body, header...), make([]byte, 4+sha256.Size)...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, summed(data[:max(len(data)-sha256.Size, 0)])} {
			c, err := decodeCheckpoint("checkpoint", data)
			if err != nil {
				if c != nil || err.Error() == "" || strings.Contains(err.Error(), "\n") {
					t.Errorf("%v with the error %q", c, err)
				}
				continue
			}
			again, err := encodeCheckpoint(*c)
			if err != nil {
				t.Fatal(err)
			}
			back, err := decodeCheckpoint("checkpoint", again)
			if err != nil {
				t.Fatal(err)
			}
			if more, err := encodeCheckpoint(*back); err != nil || !bytes.Equal(again, more) {
				t.Errorf("%+v is read back as %+v (%v)", c.State, back.State, err)
			}
			c.after(back)
			c.State.Where(3)
		}
	})
}

// FuzzMetrics reads any text as metrics: what is read is written to the same
// again, and a run with these lines can be shown.
func FuzzMetrics(f *testing.F) {
	for _, text := range []string{
		"", "\n", "{}\n", "null\n", `{"step":1,"epoch":1,"loss":1,"accuracy":0.5,"lr":0.1,"holdout_loss":1}` + "\n",
		`{"step":2,"epoch":1,"loss":0.5,"accuracy":1,"lr":0.1,"validation_loss":0,"validation_accuracy":0,"gradient_norm":2,"images_per_second":3}` + "\n" + `{"step":3,"lo`,
		`{"step":-9,"epoch":-1,"validation_accuracy":1e300}` + "\n", `{"step":9223372036854775807,"epoch":1}` + "\n{\"step\":1}\n", `{"validation_loss":"x"}` + "\n",
		strings.Repeat("x", maxLine+1),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		lines, err := parseMetrics(bytes.NewReader(text))
		if err != nil {
			if lines != nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v with the error %q", lines, err)
			}
			return
		}
		var again bytes.Buffer
		for _, m := range lines {
			line, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			again.Write(append(line, '\n'))
		}
		if back, err := parseMetrics(&again); err != nil || !reflect.DeepEqual(lines, back) {
			t.Errorf("%+v is read back as %+v (%v)", lines, back, err)
		}
		for _, summary := range []*Summary{nil, {}, {BestEpoch: 1, Batch: 3}} {
			for _, state := range []State{Running, Crashed} {
				r := &Run{State: state, Epochs: 3, Config: map[string]any{"batch": int64(16)}}
				r.progress(lines, summary)
				p := progressOf(r, lines)
				if p.Left < 0 || p.Part < 0 || p.Part > 1 {
					t.Errorf("%v left, %v of the epoch", p.Left, p.Part)
				}
				for _, c := range Columns() {
					c.Text(r)
				}
				Diff(r, &Run{})
			}
		}
	})
}

// FuzzSummary reads any text as a summary, and writes what it read to the same
// again.
func FuzzSummary(f *testing.F) {
	for _, name := range []string{"early", "finished"} {
		text, err := os.ReadFile(filepath.Join(oldRuns, name, SummaryFile))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"history":[{"epoch":1,"holdout_accuracy":0.5}],"best_epoch":1,"holdout_images":-3,"stopped":"a sentence","batch":-1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var s, back Summary
		if json.Unmarshal(text, &s) != nil {
			return
		}
		s.LastStep()
		again, err := json.Marshal(&s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again, &back); err != nil {
			t.Fatal(err)
		}
		more, err := json.Marshal(&back)
		if err != nil || !bytes.Equal(again, more) {
			t.Errorf("%s is read back as %s (%v)", again, more, err)
		}
	})
}

// What is too large to be what it is called is refused before it is parsed.
func TestBoundsOfSmallFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(metricsFile, `{"step":1}`+"\n"+strings.Repeat(" ", maxLine)+"\n")
	if list, err := ReadMetrics(dir); err == nil || list != nil || !strings.Contains(err.Error(), "line 2 has more than 65,536 bytes") {
		t.Errorf("%d lines, %v", len(list), err)
	}
	write(FailureFile, strings.Repeat("x", maxFailure+1))
	if _, _, err := ReadFailure(dir); err == nil || !strings.Contains(err.Error(), FailureFile) || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
	huge, err := os.Create(filepath.Join(dir, SummaryFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(huge.Truncate(maxSummary+1), huge.Close()); err != nil { // without its blocks
		t.Fatal(err)
	}
	if _, err := ReadSummary(dir); err == nil || !strings.Contains(err.Error(), SummaryFile) || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
}
