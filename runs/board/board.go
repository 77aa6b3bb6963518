package board

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"glyph/internal/local"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/runs/review"
)

// Options say what is shown and to whom.
type Options struct {
	Root  string      // the directory of the runs
	Names []string    // hosts that requests may be addressed to, besides localhost and addresses
	Base  string      // path below which a proxy serves the page, such as /glyph; "" for the root
	Log   *log.Logger // of requests that failed, a line each; nil keeps none

	// Review evaluates the run in a directory on its test set, to show its mistakes. If
	// it is nil, the page has no mistakes.
	Review func(ctx context.Context, dir string) (*review.Review, error)

	// Draw returns the page to draw on for the run in a directory, and a function that
	// releases its network. If it is nil, there is no such page.
	Draw func(ctx context.Context, dir string) (http.Handler, func(), error)
}

// Board is the state of the page: the runs as they were last read.
type Board struct {
	opt     Options
	reviews *reviews
	pads    *pads
	fresh   time.Duration // how old what was read may be, where no page follows

	scanning sync.Mutex // one scan at a time

	mu        sync.Mutex
	entries   map[string]*entry
	marks     marks
	marksSeen [2]stamp
	errors    map[string]string // by the run's name; "" is the directory's
	version   int               // counts changes
	names     int               // version of the last change of which runs there are
	scanned   time.Time
	complete  bool          // every run has been read once
	changed   chan struct{} // closed at the next change
	listeners int
}

// maxListeners is how many pages can follow at a time.
const maxListeners = 64

// New returns the Board of a directory. It fails if there is no such directory, if it is
// itself a run, or if the base path is invalid.
func New(opt Options) (*Board, error) {
	info, err := os.Stat(opt.Root)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%s: no such directory; glyph train creates it, or name another", message.Quote(opt.Root))
	case err != nil:
		return nil, fmt.Errorf("%s: %w", message.Quote(opt.Root), message.Cause(err))
	case !info.IsDir():
		return nil, fmt.Errorf("%s is not a directory of runs", message.Quote(opt.Root))
	}
	if _, err := os.Stat(filepath.Join(opt.Root, runs.ConfigFile)); err == nil {
		abs, err := filepath.Abs(opt.Root)
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s is a run; name the directory that holds it: glyph ui %s", message.Quote(opt.Root), message.Shell(filepath.Dir(abs)))
	}
	if opt.Base != "" && (!strings.HasPrefix(opt.Base, "/") || strings.HasSuffix(opt.Base, "/") || strings.ContainsAny(opt.Base, "{}?#% ")) {
		return nil, fmt.Errorf("the base path must be like /glyph, not %q", opt.Base)
	}
	return &Board{
		opt: opt, entries: map[string]*entry{}, errors: map[string]string{}, changed: make(chan struct{}),
		reviews: newReviews(opt.Review), pads: newPads(opt.Draw), fresh: 500 * time.Millisecond,
	}, nil
}

// Follow keeps the Board up to date while any page is open, by reading the directory
// again and again. Once ctx is done it releases the networks and returns.
func (b *Board) Follow(ctx context.Context) {
	defer b.pads.close()
	b.scan()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			b.mu.Lock()
			watched := b.listeners > 0
			b.mu.Unlock()
			if watched {
				b.scan()
			}
		}
	}
}

// Handler returns the handler of the page. When ctx is done, the pages' connections end.
// It fails if one of the options' Names is not the name of a host.
func (b *Board) Handler(ctx context.Context) (http.Handler, error) {
	mux := http.NewServeMux()
	for name, kind := range assets {
		mux.Handle("GET /"+name, local.File(kind, asset(name)))
	}
	mux.Handle("GET /{$}", local.File("text/html; charset=utf-8", asset("index.html")))
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /api/runs", b.serveRuns)
	mux.HandleFunc("GET /api/curves", b.serveCurves)
	mux.HandleFunc("GET /api/steps", b.serveSteps)
	mux.HandleFunc("GET /api/run", b.serveRun)
	mux.HandleFunc("GET /api/mistakes", b.serveMistakes)
	mux.HandleFunc("GET /api/events", func(w http.ResponseWriter, r *http.Request) { b.serveEvents(ctx, w, r) })
	mux.HandleFunc("POST /api/mark", b.serveMark)
	mux.HandleFunc("POST /api/delete", b.serveDelete)
	mux.HandleFunc("POST /api/restore", b.serveRestore)
	mux.HandleFunc("GET /report/{name}", b.serveReport)
	mux.HandleFunc("GET /api/studies", b.serveStudies)
	mux.HandleFunc("GET /study/{name}", b.serveStudy)
	mux.HandleFunc("GET /export", b.serveExport)
	mux.HandleFunc("/draw/{name}/{rest...}", b.serveDraw)
	var h http.Handler = mux
	if base := b.opt.Base; base != "" {
		below := http.NewServeMux()
		below.Handle(base+"/", http.StripPrefix(base, h))
		below.Handle("GET "+base, http.RedirectHandler(base+"/", http.StatusPermanentRedirect))
		h = below
	}
	guarded, err := local.Guard(h, b.opt.Names)
	if err != nil {
		return nil, err
	}
	return local.Logged(guarded, b.opt.Log), nil
}
