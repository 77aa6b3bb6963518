package kmnist

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Site is where KMNIST is published.
const Site = "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"

// maxFile is more than any of the four files has: what a server sends beyond is
// not KMNIST and not kept.
const maxFile = 64 << 20

// Downloader fetches KMNIST into a directory.
type Downloader struct {
	Site     string                               // with the slash at its end
	Attempts int                                  // for each file
	Wait     time.Duration                        // before the second attempt; it doubles from then on
	Connect  time.Duration                        // the longest wait for a connection, and then for an answer
	Progress func(file string, done, total int64) // told how a file comes along; total is -1 where unknown; may be nil

	files []file // for tests; nil for the published ones
}

// NewDownloader fetches patiently, for a person who asked for it.
func NewDownloader() *Downloader {
	return &Downloader{Site: Site, Attempts: 4, Wait: time.Second, Connect: 15 * time.Second}
}

// Fetch makes dir a whole copy of the published files. What is there and right
// stays; each other file is fetched into a temporary file, checked against its
// published sums, and renamed, so that several processes may fill one directory
// at a time and none ever sees a half-written file.
func (d *Downloader) Fetch(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("%s: %w; set GLYPH_CACHE to a directory you may write to", dir, cause(err))
	}
	removeLeftovers(dir)
	files := d.files
	if files == nil {
		files = official
	}
	for _, f := range files {
		if verifyFile(filepath.Join(dir, f.name), f) == nil {
			continue
		}
		if err := d.retry(ctx, dir, f); err != nil {
			return fmt.Errorf("%s%s: %w", d.Site, f.name, err)
		}
	}
	return nil
}

// retry fetches a file in as many attempts as it takes, with growing waits.
func (d *Downloader) retry(ctx context.Context, dir string, f file) error {
	wait := d.Wait
	for attempt := 1; ; attempt++ {
		err := d.fetch(ctx, dir, f)
		var final *finalError
		if err == nil || ctx.Err() != nil || attempt >= d.Attempts || errors.As(err, &final) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
			wait *= 2
		}
	}
}

// finalError is one that another attempt does not mend.
type finalError struct{ error }

func (e *finalError) Unwrap() error { return e.error }

// fetch makes one attempt at a file.
func (d *Downloader) fetch(ctx context.Context, dir string, f file) (err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.Site+f.name, nil)
	if err != nil {
		return &finalError{err}
	}
	client := http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: d.Connect}).DialContext,
		ResponseHeaderTimeout: d.Connect,
		DisableKeepAlives:     true,
	}}
	response, err := client.Do(request)
	if err != nil {
		return shorter(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		err := fmt.Errorf("the server answers %s", response.Status)
		if response.StatusCode/100 == 4 && response.StatusCode != http.StatusTooManyRequests {
			return &finalError{err}
		}
		return err
	}
	return store(filepath.Join(dir, f.name), f, d.watched(f.name, response))
}

// watched is the body, with progress told as it is read.
func (d *Downloader) watched(name string, response *http.Response) io.Reader {
	if d.Progress == nil {
		return response.Body
	}
	return &watcher{response.Body, func(done int64) { d.Progress(name, done, response.ContentLength) }, 0}
}

type watcher struct {
	in   io.Reader
	tell func(done int64)
	done int64
}

func (w *watcher) Read(p []byte) (int, error) {
	n, err := w.in.Read(p)
	w.done += int64(n)
	w.tell(w.done)
	return n, err
}

// store writes what comes to a temporary file and renames it to path if it is
// the published file.
func store(path string, f file, in io.Reader) (err error) {
	out, err := os.CreateTemp(filepath.Dir(path), leftoverPattern)
	if err != nil {
		return &finalError{cause(err)}
	}
	defer func() {
		if err != nil {
			out.Close()           //nolint:errcheck // the first error counts
			os.Remove(out.Name()) //nolint:errcheck // removed as a leftover later
		}
	}()
	s := newSums()
	n, err := io.Copy(io.MultiWriter(out, s), io.LimitReader(in, maxFile+1))
	if err != nil {
		return cause(err)
	}
	if n > maxFile {
		return errors.New("the server sends more than any file of KMNIST has")
	}
	if err := s.match(f); err != nil {
		return fmt.Errorf("what the server sent is not KMNIST: %w", err)
	}
	if err := errors.Join(out.Chmod(0o644), out.Sync(), out.Close()); err != nil {
		return cause(err)
	}
	return os.Rename(out.Name(), path)
}

// leftoverPattern names temporary files. A process that was killed leaves one
// behind; after a day nobody is still writing it.
const leftoverPattern = ".download-*"

func removeLeftovers(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, leftoverPattern))
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			os.Remove(path) //nolint:errcheck // it only takes room
		}
	}
}

// shorter is an error of the HTTP client without the request that the message
// around it names.
func shorter(err error) error {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return fmt.Errorf("can't find %s", dns.Name)
	case errors.As(err, &op):
		return op.Err
	}
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
