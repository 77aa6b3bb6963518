package board

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"glyph/internal/filelock"
)

// Tags, notes and what is hidden are kept beside the runs: another page has them too.
func TestMarks(t *testing.T) {
	root, names := some(t, 3, 1)
	_, h := served(t, Options{Root: root})
	state(t, h)
	change := func(body any) {
		t.Helper()
		if w := ask(h, "POST", "/api/mark", body, nil); w.Code != 200 {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
	}
	change(m{"runs": names[:2], "tag": "baseline"})
	change(m{"runs": names[:1], "tag": "a", "note": " first\nlines ", "hidden": true})
	change(m{"runs": names[:1], "tag": "a"}) // once is enough
	want := Mark{Tags: []string{"a", "baseline"}, Note: "first\nlines", Hidden: true}
	_, again := served(t, Options{Root: root})
	for _, h := range []http.Handler{h, again} {
		if got := row(t, h, names[0]).Mark; !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		if got := row(t, h, names[1]).Mark; !reflect.DeepEqual(got, Mark{Tags: []string{"baseline"}}) {
			t.Errorf("%+v", got)
		}
	}
	change(m{"runs": names[:2], "untag": "baseline"})
	change(m{"runs": names[:1], "untag": "a", "note": "", "hidden": false})
	if text, err := os.ReadFile(filepath.Join(root, marksFile)); err != nil || strings.Contains(string(text), names[0]) {
		t.Errorf("what has no mark is kept: %s, %v", text, err)
	}
}

// Two programs that mark at once lose nothing.
func TestMarksAtOnce(t *testing.T) {
	root, names := some(t, 1, 1)
	var all sync.WaitGroup
	for i := range 2 {
		_, h := served(t, Options{Root: root})
		state(t, h)
		all.Go(func() {
			for k := range 10 {
				if w := ask(h, "POST", "/api/mark", m{"runs": names, "tag": fmt.Sprintf("t%d-%d", i, k)}, nil); w.Code != 200 {
					t.Errorf("status %d: %s", w.Code, w.Body)
				}
			}
		})
	}
	all.Wait()
	if got, err := loadMarks(root); err != nil || len(got.Runs[names[0]].Tags) != 20 {
		t.Errorf("%v, %v", got.Runs, err)
	}
}

// A file of marks that can't be read is left as it is, and the runs are shown.
func TestMarksThatCannotBeRead(t *testing.T) {
	for _, text := range []string{"{", `{"version": 2}`} {
		root, names := some(t, 1, 1)
		write(t, root, marksFile, []byte(text))
		_, h := served(t, Options{Root: root})
		s := state(t, h)
		if len(s.Runs) != 1 || !strings.Contains(s.Errors[marksFile], "move it away") {
			t.Errorf("%d runs, errors %q", len(s.Runs), s.Errors)
		}
		if w := ask(h, "POST", "/api/mark", m{"runs": names, "tag": "x"}, nil); w.Code != 409 || !strings.Contains(w.Body.String(), marksFile) {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
		if got, err := os.ReadFile(filepath.Join(root, marksFile)); err != nil || string(got) != text {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
}

// A deleted run is in the trash with all its files and its marks, and comes back.
func TestTrash(t *testing.T) {
	root, names := some(t, 2, 1)
	_, h := served(t, Options{Root: root})
	state(t, h)
	ask(h, "POST", "/api/mark", m{"runs": names[:1], "tag": "kept"}, nil)
	remove := func() {
		t.Helper()
		if w := ask(h, "POST", "/api/delete", m{"runs": names[:1]}, nil); w.Code != 200 {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
	}
	remove()
	s := state(t, h)
	if slices.Contains(s.Names, names[0]) || s.Trash[names[0]].Name != names[0] || s.Trash[names[0]].Mark.Tags[0] != "kept" {
		t.Errorf("%v, trash %v", s.Names, s.Trash)
	}
	if _, err := os.Stat(filepath.Join(root, trashDir, names[0], "metrics.jsonl")); err != nil {
		t.Error(err)
	}
	// Another run of that name has none of its marks, and goes to the trash beside it.
	fake(t, root, 0, 2)
	if got := row(t, h, names[0]); len(got.Tags) > 0 || got.Epoch != 2 {
		t.Errorf("%+v", got)
	}
	if w := ask(h, "POST", "/api/restore", m{"runs": names[:1]}, nil); w.Code != 409 || !strings.Contains(w.Body.String(), "again") {
		t.Errorf("over another run: status %d, %s", w.Code, w.Body)
	}
	remove()
	if w := ask(h, "POST", "/api/restore", m{"runs": names[:1]}, nil); w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if got := row(t, h, names[0]); !slices.Equal(got.Tags, []string{"kept"}) || got.Epoch != 1 {
		t.Errorf("%+v", got)
	}
	// What was moved there without a record can be restored too.
	if s := state(t, h); len(s.Trash) != 1 {
		t.Errorf("trash %v", s.Trash)
	}
	if err := os.Remove(filepath.Join(root, marksFile)); err != nil {
		t.Fatal(err)
	}
	if w := ask(h, "POST", "/api/restore", m{"runs": []string{names[0] + "-2"}}, nil); w.Code != 200 {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	row(t, h, names[0]+"-2")
}

// A run that a training is writing is not deleted.
func TestRunningIsNotDeleted(t *testing.T) {
	root, names := some(t, 2, 1)
	_, h := served(t, Options{Root: root})
	f, err := os.OpenFile(filepath.Join(root, names[1], "lock"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := filelock.TryLock(f); err != nil {
		t.Fatal(err)
	}
	if got := row(t, h, names[1]); got.State != "running" {
		t.Errorf("state %s", got.State)
	}
	w := ask(h, "POST", "/api/delete", m{"runs": names}, nil)
	if w.Code != 409 || !strings.Contains(w.Body.String(), names[1]) || !strings.Contains(w.Body.String(), "writing") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if s := state(t, h); !slices.Equal(s.Names, names[1:]) || len(s.Trash) != 1 {
		t.Errorf("%v, trash %v", s.Names, s.Trash)
	}
}
