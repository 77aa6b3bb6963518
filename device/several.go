package device

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"glyph"
)

// several is some GPUs that share out trainings. Each has contexts in this process and
// a thread for each of them: one queue of trainings then keeps all of them busy to the
// end, and one writer has the store. A device may be there twice.
type several struct {
	mu   sync.Mutex
	gpus []*member
}

// member is one of several GPUs.
type member struct {
	*pool
	name   string
	busy   int // trainings on it
	failed bool
}

// named is an error of the device, with which one it is.
func (m *member) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("GPU %s: %w", m.name, err)
}

// several opens the GPUs that Which names.
func (c Choice) several(parallel int) (*Trials, error) {
	s := &several{}
	t := &Trials{open: s.take, close: s.Close, gpus: s}
	var names, notes []string
	for _, which := range strings.Split(c.Which, ",") {
		if which = strings.TrimSpace(which); which == "" {
			return nil, errors.Join(fmt.Errorf("%q names no GPU between two commas", c.Which), s.Close())
		}
		one := Choice{Kind: c.Kind, Which: which}
		d, err := one.Open()
		if err != nil {
			s.Close() //nolint:errcheck // the other error says more
			return nil, err
		}
		s.gpus = append(s.gpus, &member{pool: one.contexts(d.Backend), name: fmt.Sprintf("%s (%s)", which, d.Hardware)})
		names, notes = append(names, d.Hardware), append(notes, d.Note)
	}
	t.Hardware = together(names)
	t.Name = "gpu: " + t.Hardware
	t.Note = strings.Join(distinct(notes), "\n")
	t.Parallel = parallel
	if parallel == 0 {
		t.Parallel = len(s.gpus)
	}
	return t, nil
}

// together is names in a text, each once and with how often it is there.
func together(names []string) string {
	var parts []string
	for _, name := range distinct(names) {
		times := 0
		for _, other := range names {
			if other == name {
				times++
			}
		}
		if times > 1 {
			name = fmt.Sprintf("%d × %s", times, name)
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, " and ")
}

// distinct is the texts that are not empty, each once.
func distinct(texts []string) (list []string) {
	seen := map[string]bool{"": true}
	for _, text := range texts {
		if !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

// take returns a backend on the device with the least to do. One that can't be opened
// counts as failed.
func (s *several) take() (glyph.Backend, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := errors.New("each of them failed before")
	for {
		m := s.idlest()
		if m == nil {
			return nil, fmt.Errorf("none of the GPUs is left: %w", last)
		}
		b, err := m.take()
		if err == nil {
			m.busy++
			return &place{Backend: b, of: s, on: m}, nil
		}
		m.failed, last = true, m.named(err)
	}
}

// idlest is the device with the fewest trainings of those that have not failed, or nil.
func (s *several) idlest() (best *member) {
	for _, m := range s.gpus {
		if !m.failed && (best == nil || m.busy < best.busy) {
			best = m
		}
	}
	return best
}

func (s *several) left() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.gpus {
		if !m.failed {
			n++
		}
	}
	return n
}

// Close closes what nothing uses.
func (s *several) Close() error {
	var errs []error
	for _, m := range s.gpus {
		errs = append(errs, m.Close())
	}
	return errors.Join(errs...)
}

// place is a backend on one of several devices.
type place struct {
	glyph.Backend
	of   *several
	on   *member
	back bool
}

// Close gives the backend back. A device that failed gets no more work.
func (p *place) Close() error {
	err := p.on.named(p.Backend.Close())
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	if !p.back {
		p.back = true
		p.on.busy--
		p.on.failed = p.on.failed || err != nil
	}
	return err
}
