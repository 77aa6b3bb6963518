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

// Where KMNIST is published: by https, and by http should https not answer. The
// sums decide what is kept, whichever way it came.
const (
	Site      = "https://codh.rois.ac.jp/kmnist/dataset/kmnist/"
	PlainSite = "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"
)

// maxFile is more bytes than any of the four files has: what a server sends
// beyond is not KMNIST and not kept.
const maxFile = 64 << 20

// Downloader fetches KMNIST into a directory. A zero duration is its default.
type Downloader struct {
	Sites    []string                             // each with the slash at its end; the first that answers is taken
	Attempts int                                  // for each file, at every site
	Wait     time.Duration                        // before the second attempt; it doubles from then on
	Connect  time.Duration                        // the longest wait for an answer
	Stall    time.Duration                        // the longest wait for more of it
	Progress func(file string, done, total int64) // told how a file comes along; total is -1 where unknown; may be nil

	hasty bool   // only an interrupted file gets another attempt
	files []file // for tests; nil is the published ones
	limit int64  // for tests; 0 for maxFile
}

// NewDownloader fetches patiently, for a person who asked for it.
func NewDownloader() *Downloader {
	return &Downloader{Sites: []string{Site, PlainSite}, Attempts: 4, Wait: time.Second, Connect: 15 * time.Second, Stall: 30 * time.Second}
}

// Fetch makes dir a whole copy of the published files. What is there and right
// stays; each other file is fetched, checked and stored atomically, so that
// several processes may fill one directory at a time. It fails where the
// directory can't be written, the server can't be reached or does not send the
// published file, or ctx is done.
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

// published is the files to fetch.
func (d *Downloader) published() []file {
	if d.files == nil {
		return official[:]
	}
	return d.files
}

// downloadError is that a file could not be fetched.
type downloadError struct {
	url, dir string
	err      error
}

func (e *downloadError) Error() string {
	return fmt.Sprintf("kmnist: %s: %v; try again, or put the four files into %s", e.url, e.err, e.dir)
}

func (e *downloadError) Unwrap() error { return e.err }

// Kinds of errors: another attempt does not mend a final one; an interruption
// comes when the server has answered well, a late one when it does not answer; and
// where the cache is unwritable no site helps.
type (
	final        struct{ error }
	interruption struct{ error }
	late         struct{ error }
	unwritable   struct{ error }
)

func (e final) Unwrap() error        { return e.error }
func (e interruption) Unwrap() error { return e.error }
func (e late) Unwrap() error         { return e.error }
func (e unwritable) Unwrap() error   { return e.error }

func tooLarge(limit int64) error {
	return fmt.Errorf("the server sends more than the %d bytes that a file of KMNIST can have", limit)
}

// retry fetches a file in as many attempts as it takes, with growing waits. With an
// error comes the site that made it.
func (d *Downloader) retry(ctx context.Context, dir string, f file) (site string, err error) {
	wait := cmp.Or(d.Wait, time.Second)
	for attempt := 1; ; attempt++ {
		site, err = d.attempt(ctx, dir, f)
		switch {
		case err == nil:
			return "", nil
		case ctx.Err() != nil:
			return site, ctx.Err()
		case attempt >= d.Attempts, errors.As(err, new(final)), d.hasty && !errors.As(err, new(interruption)):
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

// attempt asks the sites for a file, one after another. Who does not answer by
// https in time does not by http either, and what broke off had begun well: then
// the next attempt begins with the first site again.
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

// fetch asks a site for a file. A timer ends it when nothing comes for too long:
// the answer at first, then each part of it.
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
		DisableCompression: true, // else a server that labels .gz as encoded gets it unpacked, and the sums differ
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
		return shorter(ctx, context.Canceled) // too late by a hair
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

// watcher tells how much was read.
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

// shorter is an error of the HTTP client without the request that the message
// around it names, or why the request was cancelled.
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
