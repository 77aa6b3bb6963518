package runs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"glyph/internal/atomicfile"
)

// errKilled is what every call comes to once the writer is dead.
var errKilled = errors.New("killed")

// mortal is a file system whose user dies after so many calls: nothing that it
// does afterwards happens. Half of what is being written then is on the disk.
type mortal struct {
	atomicfile.FS
	left    int
	unsaved map[string]bool // files whose contents are not on the disk
}

func (m *mortal) dead() bool {
	m.left--
	return m.left < 0
}

func (m *mortal) Create(name string) (atomicfile.File, error) {
	if m.dead() {
		return nil, errKilled
	}
	f, err := m.FS.Create(name)
	return &mortalFile{f, m, name}, err
}

func (m *mortal) Rename(from, to string) error {
	if m.dead() {
		return errKilled
	}
	if m.unsaved[from] {
		return fmt.Errorf("%s is renamed before it is on the disk", from)
	}
	return m.FS.Rename(from, to)
}

func (m *mortal) Remove(name string) error {
	if m.dead() {
		return errKilled
	}
	return m.FS.Remove(name)
}

func (m *mortal) SyncDir(dir string) error {
	if m.dead() {
		return errKilled
	}
	return nil // a killed process loses nothing that is only in memory yet
}

type mortalFile struct {
	atomicfile.File
	m    *mortal
	name string
}

func (f *mortalFile) Write(p []byte) (int, error) {
	f.m.unsaved[f.name] = true
	if f.m.dead() {
		if f.m.left == -1 { // in the middle of it
			f.File.Write(p[:len(p)/2]) //nolint:errcheck // the process is dead
		}
		return 0, errKilled
	}
	return f.File.Write(p)
}

func (f *mortalFile) Sync() error {
	if f.m.dead() {
		return errKilled
	}
	delete(f.m.unsaved, f.name)
	return nil // as SyncDir
}

func (f *mortalFile) Close() error {
	if f.m.dead() {
		f.File.Close() //nolint:errcheck // the system closes what a dead process had open
		return errKilled
	}
	return f.File.Close()
}

// place puts a file of a checkpoint into the state that a test starts from:
// absent, damaged, or good and of an epoch.
func place(t *testing.T, dir, file, state string, epoch int) {
	t.Helper()
	if state == "absent" {
		return
	}
	data, err := encodeCheckpoint(example(epoch))
	if err != nil {
		t.Fatal(err)
	}
	if state == "damaged" {
		data[len(data)/2] ^= 4
	}
	if err := os.WriteFile(filepath.Join(dir, file), data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// From every state of the three files, and wherever the writer is killed, the
// newest good checkpoint is found; and once it is done, the newest of before is
// there too, should the disk damage the new one.
func TestCheckpointSurvivesEveryCrash(t *testing.T) {
	states := []string{"absent", "damaged", "good"}
	const written = 9
	crashes := 0
	for _, next := range states {
		for _, current := range states {
			for _, previous := range states {
				for _, order := range [][3]int{{3, 2, 1}, {3, 1, 2}, {2, 3, 1}, {2, 1, 3}, {1, 3, 2}, {1, 2, 3}} { // of next, current, previous
					start := fmt.Sprintf("next %s, checkpoint %s, previous %s, of epochs %v", next, current, previous, order)
					newest := -1
					for i, state := range []string{next, current, previous} {
						if state == "good" {
							newest = max(newest, order[i])
						}
					}
					for calls, done := 0, false; !done; calls++ {
						dir := t.TempDir()
						place(t, dir, nextFile, next, order[0])
						place(t, dir, checkpointFile, current, order[1])
						place(t, dir, previousFile, previous, order[2])
						fsys := &mortal{atomicfile.System(), calls, map[string]bool{}}
						err := writeCheckpoint(fsys, dir, example(written))
						if done = err == nil; !done && !errors.Is(err, errKilled) {
							t.Fatalf("%s: %v", start, err)
						}
						crashes++
						got := newestEpoch(t, dir)
						switch {
						case done && got != written:
							t.Errorf("%s: epoch %d is found after epoch %d was written", start, got, written)
						case got != written && got != newest:
							t.Errorf("%s: killed after %d calls, epoch %d is found, want %d or %d", start, calls, got, newest, written)
						}
						if !done || newest < 0 {
							continue
						}
						place(t, dir, checkpointFile, "damaged", written)
						if got := newestEpoch(t, dir); got != newest {
							t.Errorf("%s: epoch %d is left beside the new one, want %d", start, got, newest)
						}
					}
				}
			}
		}
	}
	if crashes < 300 {
		t.Errorf("only %d crashes", crashes)
	}
	t.Logf("%d crashes", crashes)
}

// newestEpoch is the epoch of the checkpoint that is found, -1 for none.
func newestEpoch(t *testing.T, dir string) int {
	t.Helper()
	c, _, err := ReadCheckpoint(dir)
	if err == nil {
		return c.State.Epoch
	}
	if c != nil || errors.As(err, new(*NewerError)) || errors.Is(err, fs.ErrPermission) {
		t.Fatalf("%+v, %v", c, err)
	}
	return -1
}
