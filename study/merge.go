package study

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
)

// Merge puts the results of several directories together in another one, which
// may have results already. They must be of the same data and the same kind of
// study. Of a trial that is there more than once the first counts.
func Merge(dirs []string, to string) (Contents, error) {
	var parts []Contents
	var all Manifest
	for i, dir := range dirs {
		c, err := ReadContents(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return Contents{}, fmt.Errorf("%w; %s is no directory of results", err, dir)
		}
		if err != nil {
			return Contents{}, err
		}
		if i == 0 {
			all = c.Manifest
		} else if all, err = all.join(c.Manifest); err != nil {
			return Contents{}, fmt.Errorf("%s %w; merge each apart", dirs[0], err)
		}
		parts = append(parts, c)
	}
	store, err := openStore(to, all)
	if err != nil {
		return Contents{}, fmt.Errorf("--out %w", err)
	}
	for _, c := range parts {
		if err := store.take(c); err != nil {
			return Contents{}, errors.Join(err, store.Close())
		}
	}
	return store.Contents, store.Close()
}

// take appends what the store does not have.
func (s *Store) take(c Contents) error {
	var records []record
	for _, session := range c.Sessions {
		if !slices.Contains(s.Sessions, session) {
			records = append(records, record{Session: &session})
		}
	}
	if s.Gradients == nil && c.Gradients != nil {
		records = append(records, record{Gradients: c.Gradients})
	}
	results := slices.SortedFunc(maps.Values(c.Results), func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Session, b.Session), cmp.Compare(a.End, b.End), cmp.Compare(a.ID, b.ID))
	})
	for _, r := range results {
		if _, there := s.Results[r.ID]; !there {
			records = append(records, record{Result: &r})
		}
	}
	return s.append(records...)
}
