package kmnist

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"glyph/internal/message"
)

// Where KMNIST is published. Http is used if https fails: the checksums decide what
// is kept, however it was sent.
const (
	Site      = "https://codh.rois.ac.jp/kmnist/dataset/kmnist/"
	PlainSite = "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"
)

// maxFile is more bytes than any of the four files has. A longer answer is not
// KMNIST.
const maxFile = 64 << 20

// Downloader fetches KMNIST into a directory. A duration of zero stands for its
// default, the one that NewDownloader sets.
type Downloader struct {
	Sites    []string                             // base URLs, each with a slash at its end, in the order to try
	Attempts int                                  // per file
	Wait     time.Duration                        // before the second attempt; it doubles with each attempt
	Connect  time.Duration                        // how long to wait for an answer
	Stall    time.Duration                        // how long to wait for more data
	Progress func(file string, done, total int64) // called as data arrives, if not nil; total is -1 if unknown

	quick bool   // retry only transfers that broke off
	files []file // for tests; nil is the published ones
	limit int64  // for tests; 0 for maxFile
}

// NewDownloader returns a downloader with the usual sites and patient time limits.
func NewDownloader() *Downloader {
	return &Downloader{Sites: []string{Site, PlainSite}, Attempts: 4, Wait: time.Second, Connect: 15 * time.Second, Stall: 30 * time.Second}
}

// Fetch completes dir to a copy of the four published files. Files that are there
// and intact stay; each of the others is fetched, verified and stored atomically, so
// that several processes may fill one directory at the same time. Fetch fails if the
// directory can't be written, if no site sends the published file, or if ctx is done.
func (d *Downloader) Fetch(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fail(dir, fmt.Errorf("%w; set GLYPH_CACHE to a directory you may write to", message.Cause(err)))
	}
	removeLeftovers(dir)
	for _, f := range d.published() {
		if verifyFile(filepath.Join(dir, f.name), f) == nil {
			continue
		}
		if site, err := d.retry(ctx, dir, f); err != nil {
			return &downloadError{url: site + f.name, dir: dir, err: err}
		}
	}
	return nil
}

// published returns the files to fetch.
func (d *Downloader) published() []file {
	if d.files == nil {
		return official[:]
	}
	return d.files
}

// downloadError is the error of a file that could not be fetched.
type downloadError struct {
	url, dir string
	err      error
}

func (e *downloadError) Error() string {
	return fmt.Sprintf("%s: %v; try again, or put the four files into %s", e.url, e.err, e.dir)
}

func (e *downloadError) Unwrap() error { return e.err }

// Kinds of errors.
type (
	final        struct{ error } // another attempt would fail too
	interruption struct{ error } // a transfer that had begun broke off
	late         struct{ error } // the server did not answer in time
	unwritable   struct{ error } // the file can't be stored, wherever it comes from
)

func (e final) Unwrap() error        { return e.error }
func (e interruption) Unwrap() error { return e.error }
func (e late) Unwrap() error         { return e.error }
func (e unwritable) Unwrap() error   { return e.error }

func tooLarge(limit int64) error {
	return fmt.Errorf("the server sends more than the %d bytes that a file of KMNIST can have", limit)
}

// retry fetches a file in up to d.Attempts attempts, with growing waits. It returns
// the site that the error is about.
func (d *Downloader) retry(ctx context.Context, dir string, f file) (site string, err error) {
	wait := cmp.Or(d.Wait, time.Second)
	for attempt := 1; ; attempt++ {
		site, err = d.attempt(ctx, dir, f)
		switch {
		case err == nil:
			return "", nil
		case ctx.Err() != nil:
			return site, ctx.Err()
		case attempt >= d.Attempts, errors.As(err, new(final)), d.quick && !errors.As(err, new(interruption)):
			return site, err
		}
		select {
		case <-ctx.Done():
			return site, ctx.Err()
		case <-time.After(wait):
			wait *= 2
		}
	}
}

// attempt tries the sites in turn. After a time-out it tries no other site: a host
// that does not answer https does not answer http either. After a transfer that broke
// off, the next attempt begins with the first site again.
func (d *Downloader) attempt(ctx context.Context, dir string, f file) (site string, err error) {
	err = final{errors.New("there is no site to fetch it from")}
	for _, site = range d.Sites {
		err = d.fetch(ctx, site, dir, f)
		if err == nil || ctx.Err() != nil || errors.As(err, new(late)) || errors.As(err, new(interruption)) || errors.As(err, new(unwritable)) {
			break
		}
	}
	return site, err
}

// fetch gets a file from one site. A timer cancels it if the answer, and then each
// part of the data, takes too long.
func (d *Downloader) fetch(ctx context.Context, site, dir string, f file) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	connect, stall := cmp.Or(d.Connect, 15*time.Second), cmp.Or(d.Stall, 30*time.Second)
	timer := time.AfterFunc(connect, func() { cancel(late{fmt.Errorf("no answer within %v", connect)}) })
	defer timer.Stop()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, site+f.name, nil)
	if err != nil {
		return final{err}
	}
	client := http.Client{Transport: &http.Transport{
		Proxy:              http.ProxyFromEnvironment,
		DisableKeepAlives:  true,
		DisableCompression: true, // else a .gz file sent as Content-Encoding: gzip would be unpacked, and its checksum differ
	}}
	response, err := client.Do(request)
	if err != nil {
		return shorter(ctx, err)
	}
	defer response.Body.Close()
	limit := cmp.Or(d.limit, maxFile)
	switch code := response.StatusCode; {
	case code/100 == 4 && code != http.StatusTooManyRequests && code != http.StatusRequestTimeout:
		return final{fmt.Errorf("the server answers %s", response.Status)}
	case code != http.StatusOK:
		return fmt.Errorf("the server answers %s", response.Status)
	case response.ContentLength > limit:
		return final{tooLarge(limit)}
	}
	if !timer.Stop() {
		return shorter(ctx, context.Canceled) // the timer has just fired
	}
	timer = time.AfterFunc(stall, func() { cancel(fmt.Errorf("nothing more came for %v", stall)) })
	defer timer.Stop()
	body := &watcher{in: response.Body, tell: func(done int64) {
		timer.Reset(stall)
		if d.Progress != nil {
			d.Progress(f.name, done, response.ContentLength)
		}
	}}
	err = store(filepath.Join(dir, f.name), f, body, limit)
	if errors.As(err, new(interruption)) {
		return interruption{shorter(ctx, err)}
	}
	return err
}

// watcher calls tell with the number of bytes read so far.
type watcher struct {
	in   io.Reader
	done int64
	tell func(done int64)
}

func (w *watcher) Read(p []byte) (int, error) {
	n, err := w.in.Read(p)
	w.done += int64(n)
	w.tell(w.done)
	return n, err
}

// shorter returns why the request was cancelled, or the HTTP client's error without
// the URL, which the caller's message has.
func shorter(ctx context.Context, err error) error {
	if reason := context.Cause(ctx); reason != nil {
		return reason
	}
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return fmt.Errorf("can't find %s", dns.Name)
	case errors.As(err, &op):
		return op.Err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the connection broke before the file's end")
	}
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
