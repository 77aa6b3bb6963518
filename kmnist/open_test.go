package kmnist

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
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
		d, err := Open(context.Background(), name, Options{Download: download})
		if err != nil || d.Name != Official || d.Source != "KMNIST" || d.Train.Len() != 400 || d.Test.Labels[0] != 7 || s.asked.Load() != 4 {
			t.Errorf("%s: %q from %q, %d asked, %v", name, d.Name, d.Source, s.asked.Load(), err)
		}
	}
}

// One file of a download breaks off; what auto has begun it brings to its end.
func TestAutoSurvivesAnInterruption(t *testing.T) {
	t.Setenv("GLYPH_CACHE", t.TempDir())
	s, download := newSite(t)
	s.answer = func(w http.ResponseWriter, _ *http.Request, name string, asked int64) {
		w.Header().Set("Content-Length", fmt.Sprint(len(content[name])))
		if asked == 2 {
			w.Write(content[name][:10])
			return
		}
		w.Write(content[name])
	}
	if d, err := Open(context.Background(), Auto, Options{Download: download}); err != nil || d.Name != Official || s.asked.Load() != 5 {
		t.Errorf("%q from %q, %d asked, %v", d.Name, d.Source, s.asked.Load(), err)
	}
}

// Where KMNIST can't be had, auto draws, soon, and says why in one line; asked
// for by name it is an error.
func TestOpenWithoutKMNIST(t *testing.T) {
	if quickConnect > 4*time.Second || quickConnect+time.Second > NewDownloader().Connect {
		t.Errorf("auto waits %v", quickConnect)
	}
	slow := downloaderFrom(deaf(t))
	slow.Connect = time.Hour // auto does not wait so long
	for _, c := range []struct {
		name     string
		download *Downloader
		reason   string
	}{
		{"refused", downloaderFrom("http://127.0.0.1:1/"), "(KMNIST is not cached and could not be downloaded: connect: connection refused)"},
		{"deaf", slow, "no answer within 60ms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("GLYPH_CACHE", t.TempDir())
			c.download.Wait = time.Hour
			o := Options{Download: c.download, connect: 60 * time.Millisecond, train: 30, test: 20}
			start := time.Now()
			d, err := Open(context.Background(), Auto, o)
			if err != nil {
				t.Fatal(err)
			}
			if d.Name != Drawn || !strings.HasPrefix(d.Source, Synthetic(1, 1, 1).Source+" (") || !strings.Contains(d.Source, c.reason) || strings.Contains(d.Source, "\n") {
				t.Errorf("name %q, source %q", d.Name, d.Source)
			}
			if d.Train.Len() != 30 || d.Test.Len() != 20 || !slices.Equal(d.Classes, Characters()) || d.Files != nil {
				t.Errorf("%d and %d images of %v from %v", d.Train.Len(), d.Test.Len(), d.Classes, d.Files)
			}
			if took := time.Since(start); took > 30*time.Minute { // an hour is what it must not wait
				t.Errorf("took %v", took)
			}
			if c.name != "deaf" {
				c.download.Attempts = 1
				_, err = Open(context.Background(), Official, Options{Download: c.download})
				if err == nil || !strings.HasPrefix(err.Error(), "KMNIST ") || !strings.Contains(err.Error(), "not cached") {
					t.Errorf("kmnist: %v", err)
				}
			}
		})
	}
}

// By name, as many characters are drawn as KMNIST has.
func TestOpenDrawsTheWholeSet(t *testing.T) {
	if testing.Short() {
		t.Skip("draws 70,000 characters")
	}
	d, err := Open(context.Background(), Drawn, Options{})
	if err != nil || d.Train.Len() != 60000 || d.Test.Len() != 10000 || d.Name != Drawn {
		t.Fatalf("%d and %d images, %v", d.Train.Len(), d.Test.Len(), err)
	}
	head := Synthetic(DefaultSeed, 20, 10)
	if !bytes.HasPrefix(d.Train.Images, head.Train.Images) || !bytes.HasPrefix(d.Test.Images, head.Test.Images) {
		t.Error("it does not begin as a smaller set does")
	}
}

func TestOpenTellsADamagedCache(t *testing.T) {
	base := t.TempDir()
	t.Setenv("GLYPH_CACHE", base)
	s, download := newSite(t)
	if _, err := Open(context.Background(), Official, Options{Download: download}); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(base, "kmnist", testImages+".gz"), []byte("rot"), 0o666)
	s.Close()
	download.Attempts = 1
	_, err := Open(context.Background(), Official, Options{Download: download})
	if err == nil || !strings.Contains(err.Error(), "damaged in the cache: "+testImages+".gz: its SHA-256 checksum") {
		t.Errorf("error %v", err)
	}
}

func TestOpenIsCancelled(t *testing.T) {
	t.Setenv("GLYPH_CACHE", t.TempDir())
	for _, name := range []string{Auto, Official, Drawn} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		start := time.Now()
		_, err := Open(ctx, name, Options{Download: downloaderFrom(deaf(t))})
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > time.Second {
			t.Errorf("%s: %v after %v", name, err, took)
		}
		cancel()
	}
}

// A name that is nearly one of the data sets is told from a path.
func TestOpenGuesses(t *testing.T) {
	for name, want := range map[string]string{"kmnst": "kmnst: there is no such directory; did you mean kmnist?", "synthetik": "did you mean synthetic?", "pictures": "give a directory with"} {
		if _, err := Open(context.Background(), name, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
