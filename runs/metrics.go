package runs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"glyph/internal/message"
)

const metricsFile = "metrics.jsonl"

// Metric is a line of metrics.jsonl: of a step, or of an epoch when the step is
// its last and Epoch is set.
type Metric struct {
	Step     int     `json:"step"`            // from 1, over all epochs
	Epoch    int     `json:"epoch,omitempty"` // from 1; 0 for a step
	Loss     float64 `json:"loss"`            // mean of the step's batch, or of the epoch
	Accuracy float64 `json:"accuracy"`
	LR       float32 `json:"lr"`

	ValidationLoss     *float64 `json:"validation_loss,omitempty"` // of epochs, where there is a validation set
	ValidationAccuracy *float64 `json:"validation_accuracy,omitempty"`
	GradientNorm       float64  `json:"gradient_norm,omitempty"`     // ‖g‖₂ of the step, or of the epoch's last
	ImagesPerSecond    float64  `json:"images_per_second,omitempty"` // of the epoch so far
}

// UnmarshalJSON reads a line of this version or of an older one. A line may lack
// any of its fields.
func (m *Metric) UnmarshalJSON(text []byte) error {
	type plain Metric
	old := struct {
		*plain
		oldValidation
	}{plain: (*plain)(m)}
	if err := json.Unmarshal(text, &old); err != nil {
		return err
	}
	old.into(&m.ValidationLoss, &m.ValidationAccuracy)
	return nil
}

// MetricsLog appends lines to metrics.jsonl.
type MetricsLog struct {
	path string
	f    *os.File
	w    *bufio.Writer
	size int64
	lost error
	err  error
}

// OpenMetrics opens the log of a run, truncated to size bytes: what came after them
// belongs to steps that will be repeated. Where there are fewer, as after a crash
// of the machine, the whole lines that are left stay; see Lost.
func OpenMetrics(dir string, size int64) (*MetricsLog, error) {
	l := &MetricsLog{path: filepath.Join(dir, metricsFile), size: size}
	var err error
	if l.f, err = os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return nil, err
	}
	info, err := l.f.Stat()
	if err == nil && info.Size() < size {
		l.lost = fmt.Errorf("%s has %s bytes of the %s that the checkpoint counts",
			message.Quote(l.path), message.Thousands(int(info.Size())), message.Thousands(int(size)))
		l.size, err = wholeLines(l.f, info.Size())
	}
	if err == nil {
		err = l.f.Truncate(l.size)
	}
	if err == nil {
		_, err = l.f.Seek(l.size, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, l.f.Close())
	}
	l.w = bufio.NewWriter(l.f)
	return l, nil
}

// wholeLines is how many of a file's first size bytes are lines with their end.
func wholeLines(f io.ReaderAt, size int64) (int64, error) {
	tail := make([]byte, min(size, maxLine))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
		return 0, err
	}
	return size - int64(len(tail)) + int64(bytes.LastIndexByte(tail, '\n')+1), nil
}

// Lost says how many bytes are missing that the log had, or is nil.
func (l *MetricsLog) Lost() error { return l.lost }

// Add appends a line. Its error, if any, is returned by Sync.
func (l *MetricsLog) Add(m Metric) {
	line, err := json.Marshal(m)
	if err == nil {
		_, err = l.w.Write(append(line, '\n'))
	}
	l.size += int64(len(line)) + 1
	l.keep(err)
}

// keep keeps the first error: once a disk is full, every line fails as it does.
func (l *MetricsLog) keep(err error) {
	if l.err == nil {
		l.err = err
	}
}

// Flush writes buffered lines, for anyone following the run.
func (l *MetricsLog) Flush() { l.keep(l.w.Flush()) }

// Sync syncs the lines to disk and returns how many bytes there are.
func (l *MetricsLog) Sync() (int64, error) {
	l.Flush()
	if l.err == nil {
		l.err = l.f.Sync()
	}
	if l.err != nil {
		return 0, fmt.Errorf("%s not saved: %w", message.Quote(l.path), message.Cause(l.err))
	}
	return l.size, nil
}

// Close ends the log.
func (l *MetricsLog) Close() error {
	_, err := l.Sync()
	return errors.Join(err, l.f.Close())
}

// ReadMetrics reads a run's lines. A last line that is cut short, as it is while
// a training writes, is left out. The error names the file and the line.
func ReadMetrics(dir string) (list []Metric, err error) {
	path := filepath.Join(dir, metricsFile)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, unreadable(path, errors.New("is not a regular file"))
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	list, err = parseMetrics(f)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return list, nil
}

func parseMetrics(from io.Reader) (list []Metric, err error) {
	r := bufio.NewReaderSize(from, maxLine)
	for n := 1; ; n++ {
		line, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("line %d has more than %s bytes", n, message.Thousands(maxLine))
		case err == io.EOF:
			return list, nil
		case err != nil:
			return nil, err
		}
		m, err := parseMetric(line)
		if err != nil {
			return nil, fmt.Errorf("line %d is not a metric (%w); remove the line", n, err)
		}
		list = append(list, m)
	}
}
