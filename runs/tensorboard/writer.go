package tensorboard

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Prefix begins the name of every event file.
const Prefix = "events.out.tfevents."

// IsEventFile reports whether a file's name is one that Create makes.
func IsEventFile(name string) bool { return eventFile.MatchString(name) }

var eventFile = regexp.MustCompile("^" + regexp.QuoteMeta(Prefix) + `\d{10}\.\d{9}\..`)

// Writer appends events to a file of its own. Errors are returned by Flush and
// Close.
type Writer struct {
	f   *os.File
	w   *bufio.Writer
	err error
	now func() time.Time
}

// Create makes a new event file in a directory. What TensorBoard has read of
// other files there at step from or later is dropped: a training that resumes
// from a checkpoint writes it again. from is 0 at the beginning.
func Create(dir string, from int64) (*Writer, error) {
	now := time.Now()
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	// TensorBoard reads the files of a directory in the order of their names.
	path := filepath.Join(dir, fmt.Sprintf("%s%010d.%09d.%s", Prefix, now.Unix(), now.Nanosecond(), host))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	w := &Writer{f: f, w: bufio.NewWriter(f), now: time.Now}
	w.record(event(w.now(), 0, fileVersion()))
	if from > 0 {
		w.record(event(w.now(), from, sessionStart()))
	}
	return w, w.Flush()
}

// Scalar adds a number.
func (w *Writer) Scalar(tag string, step int64, value float64) {
	w.record(event(w.now(), step, summary(tag, scalar(value))))
}

// Histogram adds the distribution of values, which must be finite.
func (w *Writer) Histogram(tag string, step int64, values []float32) {
	w.record(event(w.now(), step, summary(tag, histogram(values))))
}

// Image adds an encoded PNG of that size.
func (w *Writer) Image(tag string, step int64, png []byte, width, height int) {
	w.record(event(w.now(), step, summary(tag, image(png, width, height))))
}

// Flush writes buffered events.
func (w *Writer) Flush() error {
	if err := w.w.Flush(); w.err == nil {
		w.err = err // once a disk is full, all that follows fails as it does
	}
	return w.err
}

// Close ends the file.
func (w *Writer) Close() error {
	return errors.Join(w.Flush(), w.f.Close())
}

func (w *Writer) record(data []byte) {
	head := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	head = binary.LittleEndian.AppendUint32(head, masked(head))
	for _, part := range [][]byte{head, data, binary.LittleEndian.AppendUint32(nil, masked(data))} {
		if _, err := w.w.Write(part); err != nil && w.err == nil {
			w.err = err
		}
	}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func masked(data []byte) uint32 {
	crc := crc32.Checksum(data, castagnoli)
	return (crc>>15 | crc<<17) + 0xa282ead8
}
