package study

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"glyph/internal/message"
)

// Merge merges the results of several directories into another one, which may
// already have results. They must be of the same data and the same kind of study. A
// trial that occurs more than once counts once; if its results differ, Merge fails
// and names it, since one of the directories is wrong or was made on another device.
func Merge(dirs []string, to string) (Contents, error) {
	var parts []Contents
	var all Manifest
	for i, dir := range dirs {
		c, err := ReadContents(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return Contents{}, fmt.Errorf("%w; %s is not a directory of results", err, dir)
		}
		if err != nil {
			return Contents{}, err
		}
		if i == 0 {
			all = c.Manifest
		} else if err := all.sameAs(c.Manifest); err != nil {
			return Contents{}, fmt.Errorf("%s %w than %s; merge them separately", dirs[0], err, dirs[i])
		} else if all, err = all.join(c.Manifest); err != nil {
			return Contents{}, fmt.Errorf("%s %w; merge them separately", dirs[0], err)
		}
		parts = append(parts, c)
	}
	if err := agree(dirs, parts); err != nil {
		return Contents{}, err
	}
	store, err := openStore(to, all)
	if err != nil {
		return Contents{}, fmt.Errorf("--out %w", err)
	}
	for i, c := range parts {
		if err := agree([]string{to, dirs[i]}, []Contents{store.Contents, c}); err != nil {
			return Contents{}, errors.Join(err, store.Close())
		}
	}
	for _, c := range parts {
		if err := store.take(c); err != nil {
			return Contents{}, errors.Join(err, store.Close())
		}
	}
	return store.Contents, store.Close()
}

// agree fails where a trial has different results in two directories. It names
// the first such trial of a pair and counts the others.
func agree(dirs []string, parts []Contents) error {
	from := map[string]int{} // the directory that a trial was first in, by ID
	for i, c := range parts {
		bad := make([][]Result, i) // pairs, by the other directory
		for _, id := range sortedKeys(c.Results) {
			first, there := from[id]
			if !there {
				from[id] = i
				continue
			}
			if r := parts[first].Results[id]; !r.agrees(c.Results[id]) {
				bad[first] = append(bad[first], r)
			}
		}
		for first, list := range bad {
			if len(list) == 0 {
				continue
			}
			text := fmt.Sprintf("%s and %s contradict each other in %s: %s", dirs[first], dirs[i], message.Count(len(list), "trial"), list[0].contradiction(c.Results[list[0].ID]))
			if len(list) > 1 {
				ids := make([]string, 0, maxNamed)
				for _, r := range list[1:min(len(list), 1+maxNamed)] {
					ids = append(ids, r.ID)
				}
				text += "; also " + strings.Join(ids, ", ")
			}
			if more := len(list) - 1 - maxNamed; more > 0 {
				text += fmt.Sprintf(" and %s more", message.Thousands(more))
			}
			return errors.New(text + "; leave one of the directories out")
		}
	}
	return nil
}

// maxNamed is how many trials an error names besides the first.
const maxNamed = 5

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
