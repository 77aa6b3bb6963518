package board

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"glyph/internal/local"
)

// keptPads is how many networks are kept ready for drawing.
const keptPads = 2

// pads are the pages to draw on that are open.
type pads struct {
	open func(ctx context.Context, dir string) (http.Handler, func(), error)
	mu   sync.Mutex
	kept []*pad // the latest last
}

// pad is a page to draw on; it is released when nobody is using it any more.
type pad struct {
	dir     string
	handler http.Handler
	release func()
	users   sync.WaitGroup
}

func newPads(open func(ctx context.Context, dir string) (http.Handler, func(), error)) *pads {
	return &pads{open: open}
}

// use returns the pad of a run. The caller calls done once the request is answered.
func (p *pads) use(ctx context.Context, dir string) (h http.Handler, done func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.kept, func(k *pad) bool { return k.dir == dir })
	if i < 0 {
		h, release, err := p.open(ctx, dir)
		if err != nil {
			return nil, nil, err
		}
		p.kept = append(p.kept, &pad{dir: dir, handler: h, release: release})
		i = len(p.kept) - 1
	}
	k := p.kept[i]
	k.users.Add(1)
	p.kept = append(slices.Delete(p.kept, i, i+1), k)
	for len(p.kept) > keptPads {
		p.kept[0].retire()
		p.kept = p.kept[1:]
	}
	return k.handler, k.users.Done, nil
}

// retire releases a pad once its requests are answered.
func (k *pad) retire() {
	go func() {
		k.users.Wait()
		k.release()
	}()
}

// drop closes the pad of a run that is going away.
func (p *pads) drop(dir string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = slices.DeleteFunc(p.kept, func(k *pad) bool {
		if k.dir == dir {
			k.retire()
		}
		return k.dir == dir
	})
}

// close releases all of them.
func (p *pads) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.kept {
		k.users.Wait()
		k.release()
	}
	p.kept = nil
}

func (b *Board) serveDraw(w http.ResponseWriter, r *http.Request) {
	row, dir, ok := b.named(w, r.PathValue("name"))
	if !ok {
		return
	}
	if b.opt.Draw == nil || !row.Weights {
		local.Fail(w, http.StatusNotFound, errors.New("the run has no weights to draw for"))
		return
	}
	h, done, err := b.pads.use(r.Context(), dir)
	if err != nil {
		local.Fail(w, http.StatusUnprocessableEntity, err)
		return
	}
	defer done()
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = "/"+r.PathValue("rest"), ""
	h.ServeHTTP(w, inner)
}
