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
	seen    [2]stamp // of the weights
	handler http.Handler
	release func()
	users   sync.WaitGroup
}

func newPads(open func(ctx context.Context, dir string) (http.Handler, func(), error)) *pads {
	return &pads{open: open}
}

// use returns the pad of a run, with its weights as they are now. The caller calls done
// once the request is answered.
func (p *pads) use(ctx context.Context, dir string) (h http.Handler, done func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := weightsOf(dir)
	p.retire(func(k *pad) bool { return k.dir == dir && k.seen != seen })
	i := slices.IndexFunc(p.kept, func(k *pad) bool { return k.dir == dir })
	if i < 0 {
		h, release, err := p.open(ctx, dir)
		if err != nil {
			return nil, nil, err
		}
		p.kept = append(p.kept, &pad{dir: dir, seen: seen, handler: h, release: release})
		i = len(p.kept) - 1
	}
	k := p.kept[i]
	k.users.Add(1)
	p.kept = append(slices.Delete(p.kept, i, i+1), k)
	if len(p.kept) > keptPads {
		oldest := p.kept[0]
		p.retire(func(k *pad) bool { return k == oldest })
	}
	return k.handler, k.users.Done, nil
}

// retire releases pads once their requests are answered.
func (p *pads) retire(which func(*pad) bool) {
	p.kept = slices.DeleteFunc(p.kept, func(k *pad) bool {
		if !which(k) {
			return false
		}
		go func() {
			k.users.Wait()
			k.release()
		}()
		return true
	})
}

// drop closes the pad of a run that is going away.
func (p *pads) drop(dir string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retire(func(k *pad) bool { return k.dir == dir })
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
