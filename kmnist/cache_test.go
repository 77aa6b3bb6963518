package kmnist

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Processes, and goroutines that share nothing, fill one cache at a time.
func TestFetchTogether(t *testing.T) {
	s, d := newSite(t)
	dir := t.TempDir()
	var done sync.WaitGroup
	for range 6 {
		done.Go(func() {
			if err := d.Fetch(context.Background(), dir); err != nil {
				t.Error(err)
			}
		})
	}
	for range 4 {
		done.Go(func() {
			child := exec.Command(os.Args[0], "-test.run=^TestFetchInChild$", "-test.v")
			child.Env = append(os.Environ(), "GLYPH_TEST_SITE="+d.Sites[0], "GLYPH_TEST_DIR="+dir)
			if out, err := child.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestFetchInChild") {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	done.Wait()
	check(t, dir)
	if asked := s.asked.Load(); asked < 8 {
		t.Errorf("asked only %d times: nobody met another", asked)
	}
}

// TestFetchInChild is the other process of TestFetchTogether.
func TestFetchInChild(t *testing.T) {
	site := os.Getenv("GLYPH_TEST_SITE")
	if site == "" {
		t.Skip("for TestFetchTogether")
	}
	if err := downloaderFrom(site).Fetch(context.Background(), os.Getenv("GLYPH_TEST_DIR")); err != nil {
		t.Error(err)
	}
}

// Both sums count, and both are known of every file.
func TestSumsThatCount(t *testing.T) {
	whole := contentFiles()[0]
	other := strings.Repeat("0", 64)
	for _, c := range []struct {
		md5, sha256 string
		ok          bool
	}{{whole.md5, whole.sha256, true}, {whole.md5, other, false}, {other[:32], whole.sha256, false}, {whole.md5, "", false}, {"", whole.sha256, false}} {
		s := newSums()
		s.Write(content[whole.name])
		if err := s.match(file{md5: c.md5, sha256: c.sha256}); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, f := range official {
		if len(f.md5) != 32 || len(f.sha256) != 64 {
			t.Errorf("sums of %+v", f)
		}
	}
}

func TestVerifyCache(t *testing.T) {
	_, d := newSite(t)
	dir := t.TempDir()
	if err := verifyCache(dir, d.files); err != errNotCached {
		t.Errorf("an empty cache: %v", err)
	}
	if err := d.Fetch(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	if err := verifyCache(dir, d.files); err != nil {
		t.Errorf("a whole cache: %v", err)
	}
	if Cached(dir) {
		t.Error("other files pass for the published ones")
	}
}

func TestOldLeftoversGo(t *testing.T) {
	dir := t.TempDir()
	day := 25 * time.Hour
	// As a glob, the directory's name would be another directory's.
	dir, other := filepath.Join(dir, "[ab]"), filepath.Join(dir, "a")
	for _, d := range []string{dir, other} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	ages := map[string]time.Duration{".download-1": day, ".download-2": 0, "mine": day, ".download-list": day, ".download-1.txt": day}
	for name, age := range ages {
		apart := filepath.Join(other, name)
		os.WriteFile(apart, nil, 0o666)
		os.Chtimes(apart, time.Now().Add(-age), time.Now().Add(-age))
		path := filepath.Join(dir, name)
		os.WriteFile(path, nil, 0o666)
		os.Chtimes(path, time.Now().Add(-age), time.Now().Add(-age))
	}
	_, d := newSite(t)
	if err := d.Fetch(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	for name := range ages {
		if _, err := os.Stat(filepath.Join(other, name)); err != nil {
			t.Errorf("in another directory: %v", err)
		}
		want := name != ".download-1"
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: there is %v, want %v", name, err == nil, want)
		}
	}
}
