package device

import (
	"errors"
	"sync"

	"glyph"
)

// pool keeps backends open from one piece of work to the next: making a context
// on a GPU and its programs takes longer than a small training.
type pool struct {
	open func() (glyph.Backend, error)

	mu   sync.Mutex
	idle []glyph.Backend
}

// take returns a backend for exclusive use until its Close, which frees what was
// allocated on it. A backend whose device failed is not reused.
func (p *pool) take() (glyph.Backend, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b glyph.Backend
	if last := len(p.idle) - 1; last >= 0 {
		b, p.idle = p.idle[last], p.idle[:last]
	} else {
		var err error
		if b, err = p.open(); err != nil {
			return nil, err
		}
	}
	return &loan{Scope: glyph.NewScope(b), backend: b, pool: p}, nil
}

// Close closes the backends that nothing uses.
func (p *pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, b := range p.idle {
		errs = append(errs, b.Close())
	}
	p.idle = nil
	return errors.Join(errs...)
}

// loan is a backend of a pool while it is used.
type loan struct {
	*glyph.Scope
	backend glyph.Backend
	pool    *pool
	back    bool
}

// Close gives the backend back to the pool.
func (l *loan) Close() error {
	err := l.Scope.Close()
	switch {
	case l.back:
	case err != nil:
		l.backend.Close() //nolint:errcheck // the device's error has been reported
	default:
		l.pool.mu.Lock()
		defer l.pool.mu.Unlock()
		l.pool.idle = append(l.pool.idle, l.backend)
	}
	l.back = true
	return err
}
