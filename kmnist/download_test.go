package kmnist

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// site serves a small data set and counts what it is asked for.
type site struct {
	*httptest.Server
	asked  atomic.Int64
	answer func(w http.ResponseWriter, r *http.Request, name string, asked int64) // nil serves the file
}

// content is the files that a site serves; big takes many reads.
var content = func() map[string][]byte {
	big := make([]byte, 400*784)
	rand.NewChaCha8([32]byte{}).Read(big) // nothing that gzip could make small
	return map[string][]byte{
		trainImages + ".gz": zip(idx(magicImages, []uint32{400, 28, 28}, big)),
		trainLabels + ".gz": zip(idx(magicLabels, []uint32{400}, make([]byte, 400))),
		testImages + ".gz":  zip(idx(magicImages, []uint32{1, 28, 28}, make([]byte, 784))),
		testLabels + ".gz":  zip(idx(magicLabels, []uint32{1}, []byte{7})),
	}
}()

// contentFiles are content with its sums, in the place of the published files.
func contentFiles() []file {
	var files []file
	for _, f := range official {
		m, h := md5.Sum(content[f.name]), sha256.Sum256(content[f.name])
		files = append(files, file{f.name, hex.EncodeToString(m[:]), hex.EncodeToString(h[:])})
	}
	return files
}

func newSite(t *testing.T) (*site, *Downloader) {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := s.asked.Add(1)
		name := strings.TrimPrefix(r.URL.Path, "/")
		if s.answer != nil {
			s.answer(w, r, name, n)
			return
		}
		w.Header().Set("Content-Encoding", "gzip") // as a careless server says of .gz
		w.Header().Set("Content-Length", fmt.Sprint(len(content[name])))
		w.Write(content[name])
	}))
	t.Cleanup(s.Close)
	return s, downloaderFrom(s.URL + "/")
}

func downloaderFrom(url string) *Downloader {
	return &Downloader{Sites: []string{url}, Attempts: 3, Wait: time.Millisecond, Connect: 5 * time.Second, Stall: 5 * time.Second, files: contentFiles()}
}

// check tells that dir holds exactly the files, whole.
func check(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(content) {
		t.Errorf("%d files in the cache, %v", len(entries), err)
	}
	for name, want := range content {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s has %d bytes, %v", name, len(got), err)
		}
	}
}

func TestFetch(t *testing.T) {
	s, d := newSite(t)
	dir := filepath.Join(t.TempDir(), "new", "cache")
	told := map[string]int64{}
	d.Progress = func(file string, done, total int64) {
		if done < told[file] || total != int64(len(content[file])) {
			t.Errorf("%s: %d of %d after %d", file, done, total, told[file])
		}
		told[file] = done
	}
	if err := d.Fetch(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	check(t, dir)
	for name := range content {
		if told[name] != int64(len(content[name])) {
			t.Errorf("progress of %s ends at %d of %d", name, told[name], len(content[name]))
		}
	}
	if err := d.Fetch(context.Background(), dir); err != nil || s.asked.Load() != 4 {
		t.Errorf("a full cache asks again: %d, %v", s.asked.Load(), err)
	}
	os.WriteFile(filepath.Join(dir, testLabels+".gz"), []byte("flip"), 0o666)
	if err := d.Fetch(context.Background(), dir); err != nil || s.asked.Load() != 5 {
		t.Errorf("a damaged file is not fetched again: %d, %v", s.asked.Load(), err)
	}
	check(t, dir)
}

func TestFetchTriesAgain(t *testing.T) {
	s, d := newSite(t)
	s.answer = func(w http.ResponseWriter, _ *http.Request, name string, asked int64) {
		switch asked {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2: // promises more than it sends
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "cut")
		default:
			w.Write(content[name])
		}
	}
	d.Wait = 40 * time.Millisecond
	dir, start := t.TempDir(), time.Now()
	if err := d.Fetch(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	check(t, dir)
	if took := time.Since(start); took < 120*time.Millisecond { // 40 and 80
		t.Errorf("three attempts with doubling waits took %v", took)
	}
}

func TestFetchRefuses(t *testing.T) {
	write := func(text string) func(http.ResponseWriter, *http.Request, string, int64) {
		return func(w http.ResponseWriter, _ *http.Request, _ string, _ int64) { fmt.Fprint(w, text) }
	}
	status := func(code int) func(http.ResponseWriter, *http.Request, string, int64) {
		return func(w http.ResponseWriter, _ *http.Request, _ string, _ int64) { w.WriteHeader(code) }
	}
	silent := func(w http.ResponseWriter, r *http.Request, name string, _ int64) {
		w.Write(content[name][:100])
		w.(http.Flusher).Flush()
		<-r.Context().Done() // until who asked has given up
	}
	endless := func(w http.ResponseWriter, _ *http.Request, _ string, _ int64) {
		for range 20 { // flushed, so that there is no Content-Length
			w.Write(make([]byte, 100_000))
			w.(http.Flusher).Flush()
		}
	}
	boastful := func(w http.ResponseWriter, _ *http.Request, _ string, _ int64) { // only a check before the first byte asks once
		w.Header().Set("Content-Length", "2000000")
		w.Write(make([]byte, 10))
	}
	bodiless := func(w http.ResponseWriter, r *http.Request, _ string, _ int64) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	mute := func(_ http.ResponseWriter, r *http.Request, _ string, _ int64) { <-r.Context().Done() }
	for _, c := range []struct {
		name   string
		answer func(w http.ResponseWriter, r *http.Request, name string, asked int64)
		asked  int64
		want   string
	}{
		{"other content", write("other"), 3, "not KMNIST (it looks like plain text): its SHA-256 checksum is "},
		{"login page", write("<!DOCTYPE html><html><body>Log in"), 3, "not KMNIST (it looks like an HTML page"},
		{"nothing", write(""), 3, "not KMNIST"},
		{"not found", status(404), 1, "404"},
		{"always failing", status(500), 3, "500"},
		{"too large, and says so", boastful, 1, "more than the 1000000 bytes"},
		{"too large", endless, 1, "more than the 1000000 bytes"},
		{"stalls", silent, 3, "nothing more came for 50ms"},
		{"stalls at once", bodiless, 3, "nothing more came for 50ms"},
		{"no answer", mute, 3, "no answer within 70ms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, d := newSite(t)
			s.answer, d.limit = c.answer, 1_000_000
			if strings.HasPrefix(c.name, "stalls") || c.name == "no answer" {
				d.Connect, d.Stall = 70*time.Millisecond, 50*time.Millisecond
			}
			dir := t.TempDir()
			err := d.Fetch(context.Background(), dir)
			if err == nil || !strings.Contains(err.Error(), c.want) || s.asked.Load() != c.asked {
				t.Errorf("asked %d times, want %d; error %v", s.asked.Load(), c.asked, err)
			}
			if err != nil && (strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), d.Sites[0]) || !strings.Contains(err.Error(), dir)) {
				t.Errorf("error %q", err)
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("%d files are left", len(left))
			}
		})
	}
}

func TestFetchIsCancelled(t *testing.T) {
	for _, where := range []string{"before the answer", "within the file", "between attempts"} {
		t.Run(where, func(t *testing.T) {
			s, d := newSite(t)
			ctx, cancel := context.WithCancel(context.Background())
			release := make(chan struct{})
			defer close(release)
			s.answer = func(w http.ResponseWriter, _ *http.Request, name string, _ int64) {
				time.AfterFunc(30*time.Millisecond, cancel)
				switch where {
				case "between attempts":
					w.WriteHeader(500)
					return
				case "within the file":
					w.Write(content[name][:100])
					w.(http.Flusher).Flush()
				}
				<-release
			}
			d.Wait = time.Hour
			dir, start := t.TempDir(), time.Now()
			err := d.Fetch(ctx, dir)
			if took := time.Since(start); !errors.Is(err, context.Canceled) || took > 2*time.Second {
				t.Errorf("%v after %v", err, took)
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("%d files are left", len(left))
			}
		})
	}
}

// Https comes first, and http where the server does not answer it or answers
// something else: the sums tell what is KMNIST.
func TestFetchFromTheNextSite(t *testing.T) {
	if got := NewDownloader().Sites; len(got) != 2 || !strings.HasPrefix(got[0], "https://") || got[1] != "http"+strings.TrimPrefix(got[0], "https") {
		t.Errorf("the sites are %v", got)
	}
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // of the certificate that nobody trusts
	secure.StartTLS()
	defer secure.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for name, first := range map[string]string{"refused": closed.URL, "untrusted": secure.URL, "not found": "404", "another page": "page"} {
		t.Run(name, func(t *testing.T) {
			s, d := newSite(t)
			wrong, _ := newSite(t)
			wrong.answer = func(w http.ResponseWriter, _ *http.Request, _ string, _ int64) {
				if first == "404" {
					w.WriteHeader(http.StatusNotFound)
				}
				fmt.Fprint(w, "<!DOCTYPE html>")
			}
			if !strings.HasPrefix(first, "http") {
				first = wrong.URL
			}
			d.Sites, d.Attempts = []string{first + "/", d.Sites[0]}, 1
			dir := t.TempDir()
			if err := d.Fetch(context.Background(), dir); err != nil || s.asked.Load() != 4 {
				t.Errorf("asked %d times, error %v", s.asked.Load(), err)
			}
			check(t, dir)
		})
	}
}

// A site that does not answer in time is not asked a second time in other words,
// so that auto waits no longer than for one.
func TestSilenceIsNotAskedTwice(t *testing.T) {
	s, d := newSite(t)
	d.Sites, d.Attempts, d.Connect = []string{deaf(t), d.Sites[0]}, 1, 50*time.Millisecond
	err := d.Fetch(context.Background(), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "no answer within 50ms") || s.asked.Load() != 0 {
		t.Errorf("asked %d times, error %v", s.asked.Load(), err)
	}
	if d.Sites = nil; d.Fetch(context.Background(), t.TempDir()) == nil {
		t.Error("without a site there is something to fetch")
	}
}

func TestFetchNeedsADirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o666)
	_, d := newSite(t)
	if err := d.Fetch(context.Background(), file); err == nil || !strings.Contains(err.Error(), "GLYPH_CACHE") {
		t.Errorf("error %v", err)
	}
}

// deaf is the address of a server that accepts connections and never answers,
// as a firewall that swallows what is sent looks from here.
func deaf(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "http://" + l.Addr().String() + "/"
}
