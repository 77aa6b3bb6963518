package kmnist

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// site serves two files and counts what it is asked for.
type site struct {
	*httptest.Server
	asked  atomic.Int64
	answer func(w http.ResponseWriter, name string, asked int64) // nil serves the file
}

var content = map[string]string{"a.gz": "first", "b.gz": strings.Repeat("second", 10000)}

func newSite(t *testing.T) (*site, *Downloader) {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := s.asked.Add(1)
		name := strings.TrimPrefix(r.URL.Path, "/")
		if s.answer != nil {
			s.answer(w, name, n)
			return
		}
		fmt.Fprint(w, content[name])
	}))
	t.Cleanup(s.Close)
	d := &Downloader{Site: s.URL + "/", Attempts: 3, Wait: time.Millisecond, Connect: time.Second}
	for _, name := range []string{"a.gz", "b.gz"} {
		m, h := md5.Sum([]byte(content[name])), sha256.Sum256([]byte(content[name]))
		d.files = append(d.files, file{name, hex.EncodeToString(m[:]), hex.EncodeToString(h[:])})
	}
	return s, d
}

// check tells that dir holds exactly the files, whole.
func check(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(content) {
		t.Errorf("%d files in the cache, %v", len(entries), err)
	}
	for name, want := range content {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s has %d bytes, %v", name, len(got), err)
		}
	}
}

func TestFetch(t *testing.T) {
	s, d := newSite(t)
	dir := filepath.Join(t.TempDir(), "new", "cache")
	var last int64
	d.Progress = func(_ string, done, _ int64) { last = done }
	if err := d.Fetch(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	check(t, dir)
	if s.asked.Load() != 2 || last != int64(len(content["b.gz"])) {
		t.Errorf("asked %d times, progress ended at %d", s.asked.Load(), last)
	}
	if err := d.Fetch(context.Background(), dir); err != nil || s.asked.Load() != 2 {
		t.Errorf("a full cache asks again: %d, %v", s.asked.Load(), err)
	}
	os.WriteFile(filepath.Join(dir, "a.gz"), []byte("flip"), 0o666)
	if err := d.Fetch(context.Background(), dir); err != nil || s.asked.Load() != 3 {
		t.Errorf("a damaged file is not fetched again: %d, %v", s.asked.Load(), err)
	}
	check(t, dir)
}

func TestFetchTriesAgain(t *testing.T) {
	s, d := newSite(t)
	s.answer = func(w http.ResponseWriter, name string, asked int64) {
		switch asked {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2: // promises more than it sends
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "cut")
		default:
			fmt.Fprint(w, content[name])
		}
	}
	dir := t.TempDir()
	if err := d.Fetch(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	check(t, dir)
}

func TestFetchRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(w http.ResponseWriter, name string, asked int64)
		asked  int64
		want   string
	}{
		{"other content", func(w http.ResponseWriter, _ string, _ int64) { fmt.Fprint(w, "login page") }, 3, "not KMNIST"},
		{"not found", func(w http.ResponseWriter, _ string, _ int64) { w.WriteHeader(404) }, 1, "404"},
		{"always failing", func(w http.ResponseWriter, _ string, _ int64) { w.WriteHeader(500) }, 3, "500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, d := newSite(t)
			s.answer = c.answer
			dir := t.TempDir()
			err := d.Fetch(context.Background(), dir)
			if err == nil || !strings.Contains(err.Error(), c.want) || s.asked.Load() != c.asked {
				t.Errorf("asked %d times, error %v", s.asked.Load(), err)
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("%d files are left", len(left))
			}
		})
	}
}

func TestFetchIsInterrupted(t *testing.T) {
	s, d := newSite(t)
	ctx, cancel := context.WithCancel(context.Background())
	s.answer = func(w http.ResponseWriter, _ string, _ int64) { cancel(); w.WriteHeader(500) }
	d.Wait = time.Hour
	start := time.Now()
	if err := d.Fetch(ctx, t.TempDir()); !errors.Is(err, context.Canceled) && err == nil || time.Since(start) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

// Several processes, or here goroutines that share nothing, fill one cache.
func TestFetchTogether(t *testing.T) {
	_, d := newSite(t)
	dir := t.TempDir()
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			if err := d.Fetch(context.Background(), dir); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	check(t, dir)
}

func TestOldLeftoversGo(t *testing.T) {
	dir := t.TempDir()
	day := 25 * time.Hour
	for name, age := range map[string]time.Duration{".download-1": day, ".download-2": 0, "mine": day} {
		path := filepath.Join(dir, name)
		os.WriteFile(path, nil, 0o666)
		os.Chtimes(path, time.Now().Add(-age), time.Now().Add(-age))
	}
	removeLeftovers(dir)
	for name, want := range map[string]bool{".download-1": false, ".download-2": true, "mine": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: there is %v, want %v", name, err == nil, want)
		}
	}
}

func TestOpenAutoWithoutASite(t *testing.T) {
	t.Setenv("GLYPH_CACHE", t.TempDir())
	d, err := Open(context.Background(), Auto, &Downloader{Site: "http://127.0.0.1:1/", Attempts: 5, Wait: time.Hour, Connect: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != Drawn || !strings.Contains(d.Source, "synthetic") || !strings.Contains(d.Source, "refused") || strings.Contains(d.Source, "\n") {
		t.Errorf("name %q, source %q", d.Name, d.Source)
	}
	if _, err := Open(context.Background(), Official, &Downloader{Site: "http://127.0.0.1:1/", Attempts: 1, Connect: time.Second}); err == nil {
		t.Error("kmnist without a site is no error")
	}
}
