package kmnist

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCacheDir(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("LocalAppData", home)
	user, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		"":    filepath.Join(user, "glyph", "kmnist"),
		"off": filepath.Join(user, "glyph", "kmnist"),
		home:  filepath.Join(home, "kmnist"),
	} {
		t.Setenv("GLYPH_CACHE", value)
		if got, err := CacheDir(); err != nil || got != want {
			t.Errorf("GLYPH_CACHE=%q: %q, %v, want %q", value, got, err, want)
		}
	}
}

func TestOpenDownloadsAndKeeps(t *testing.T) {
	t.Setenv("GLYPH_CACHE", t.TempDir())
	s, download := newSite(t)
	for _, name := range []string{Official, Auto} { // the second from the cache
		d, err := Open(context.Background(), name, download)
		if err != nil || d.Name != Official || d.Source != "KMNIST" || d.Train.Len() != 400 || d.Test.Labels[0] != 7 || s.asked.Load() != 4 {
			t.Errorf("%s: %q from %q, %d asked, %v", name, d.Name, d.Source, s.asked.Load(), err)
		}
	}
}

// One file of a download breaks off; what auto has begun it brings to its end.
func TestAutoSurvivesAnInterruption(t *testing.T) {
	t.Setenv("GLYPH_CACHE", t.TempDir())
	s, download := newSite(t)
	s.answer = func(w http.ResponseWriter, name string, asked int64) {
		w.Header().Set("Content-Length", fmt.Sprint(len(content[name])))
		if asked == 2 {
			w.Write(content[name][:10])
			return
		}
		w.Write(content[name])
	}
	if d, err := Open(context.Background(), Auto, download); err != nil || d.Name != Official || s.asked.Load() != 5 {
		t.Errorf("%q from %q, %d asked, %v", d.Name, d.Source, s.asked.Load(), err)
	}
}

// Where KMNIST can't be had, auto draws, soon, and says why in one line; asked
// for by name it is an error.
func TestOpenWithoutKMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("draws the whole synthetic set")
	}
	slow := downloaderFrom(deaf(t))
	slow.Connect = time.Hour // auto does not wait so long
	for _, c := range []struct {
		name     string
		download *Downloader
		reason   string
	}{
		{"refused", downloaderFrom("http://127.0.0.1:1/"), "(KMNIST is not cached and could not be downloaded: connect: connection refused)"},
		{"deaf", slow, "no answer within 4s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("GLYPH_CACHE", t.TempDir())
			c.download.Wait = time.Hour
			start := time.Now()
			drawing := Synthetic(1, 1, 1) // so that its parsing is not in the time
			d, err := Open(context.Background(), Auto, c.download)
			took := time.Since(start)
			if err != nil {
				t.Fatal(err)
			}
			if d.Name != Drawn || !strings.HasPrefix(d.Source, drawing.Source+" (") || !strings.Contains(d.Source, c.reason) || strings.Contains(d.Source, "\n") {
				t.Errorf("name %q, source %q", d.Name, d.Source)
			}
			if d.Train.Len() != DefaultTrain || d.Test.Len() != DefaultTest {
				t.Errorf("%d and %d images", d.Train.Len(), d.Test.Len())
			}
			if limit := 20 * time.Second; took > limit { // of waiting 4; drawing under the race detector takes the rest
				t.Errorf("took %v", took)
			}
			if c.name != "deaf" {
				c.download.Attempts = 1
				_, err = Open(context.Background(), Official, c.download)
				if err == nil || !strings.HasPrefix(err.Error(), "kmnist: ") || !strings.Contains(err.Error(), "not cached") {
					t.Errorf("kmnist: %v", err)
				}
			}
		})
	}
}

func TestOpenTellsADamagedCache(t *testing.T) {
	base := t.TempDir()
	t.Setenv("GLYPH_CACHE", base)
	s, download := newSite(t)
	if _, err := Open(context.Background(), Official, download); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(base, "kmnist", testImages+".gz"), []byte("rot"), 0o666)
	s.Close()
	download.Attempts = 1
	_, err := Open(context.Background(), Official, download)
	if err == nil || !strings.Contains(err.Error(), "damaged in the cache: "+testImages+".gz: its SHA-256 sum") {
		t.Errorf("error %v", err)
	}
}

func TestOpenIsCancelled(t *testing.T) {
	t.Setenv("GLYPH_CACHE", t.TempDir())
	for _, name := range []string{Auto, Official, Drawn} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		start := time.Now()
		_, err := Open(ctx, name, downloaderFrom(deaf(t)))
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > time.Second {
			t.Errorf("%s: %v after %v", name, err, took)
		}
		cancel()
	}
}
