package board

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"glyph/internal/atomicfile"
	"glyph/internal/filelock"
	"glyph/internal/message"
)

// Mark is what users have noted about a run.
type Mark struct {
	Tags   []string `json:"tags,omitempty"` // sorted
	Note   string   `json:"note,omitempty"`
	Hidden bool     `json:"hidden,omitempty"`
}

// Trash is a run in the trash, with the name it had and its marks.
type Trash struct {
	Name    string    `json:"name"`
	Deleted time.Time `json:"deleted"`
	Mark    Mark      `json:"mark,omitzero"`
}

// marks is board.json.
type marks struct {
	Version int              `json:"version"`
	Runs    map[string]Mark  `json:"runs,omitempty"`
	Trash   map[string]Trash `json:"trash,omitempty"` // by the directory in .trash
}

// Limits of what is kept, in bytes and in number.
const (
	marksVersion = 1
	maxMarks     = 16 << 20
	maxNote      = 10_000
	maxTag       = 60
	maxTags      = 50
)

// loadMarks reads a directory's marks; none is no error.
func loadMarks(root string) (m marks, err error) {
	path := filepath.Join(root, marksFile)
	m = marks{Version: marksVersion, Runs: map[string]Mark{}, Trash: map[string]Trash{}}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		m.matchTrash(root)
		return m, nil
	}
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxMarks) {
		err = errors.New("is not a file of tags and notes")
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err == nil && m.Version != marksVersion {
		err = fmt.Errorf("has version %d, and this glyph knows version %d", m.Version, marksVersion)
	}
	if err != nil {
		return m, fmt.Errorf("%s, which keeps tags and notes, can't be read: %w; fix it, or move it away", message.Quote(path), message.Cause(err))
	}
	if m.Runs == nil {
		m.Runs = map[string]Mark{}
	}
	if m.Trash == nil {
		m.Trash = map[string]Trash{}
	}
	m.matchTrash(root)
	return m, nil
}

// matchTrash makes the record of the trash match what is there: a move may have been
// interrupted before it was recorded.
func (m *marks) matchTrash(root string) {
	list, err := os.ReadDir(filepath.Join(root, trashDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return
	}
	there := map[string]bool{}
	for _, e := range list {
		if !e.IsDir() {
			continue
		}
		there[e.Name()] = true
		if _, known := m.Trash[e.Name()]; !known {
			m.Trash[e.Name()] = Trash{Name: e.Name()}
		}
	}
	maps.DeleteFunc(m.Trash, func(id string, _ Trash) bool { return !there[id] })
}

// lockPatience is how long another page's change is waited for.
const lockPatience = 5 * time.Second

// changeMarks changes the marks of a directory under its lock. Where change fails nothing
// is written.
func changeMarks(root string, change func(*marks) error) error {
	f, err := os.OpenFile(filepath.Join(root, lockFile), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return fmt.Errorf("%s can't be changed: %w", message.Quote(root), message.Cause(err))
	}
	defer f.Close() //nolint:errcheck // nothing was written
	end := time.Now().Add(lockPatience)
	for err = filelock.TryLock(f); errors.Is(err, filelock.ErrLocked) && time.Now().Before(end); err = filelock.TryLock(f) {
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		return fmt.Errorf("%s can't be locked: %w", message.Quote(f.Name()), err)
	}
	m, err := loadMarks(root)
	if err != nil {
		return err
	}
	if err := change(&m); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.WriteFile(filepath.Join(root, marksFile), append(text, '\n'))
}

// readMarks takes the marks of the file if it has changed.
func (b *Board) readMarks() {
	seen := [2]stamp{stampOf(filepath.Join(b.opt.Root, marksFile)), stampOf(filepath.Join(b.opt.Root, trashDir))}
	b.mu.Lock()
	same := seen == b.marksSeen
	b.mu.Unlock()
	if same {
		return
	}
	m, err := loadMarks(b.opt.Root)
	b.setError(marksFile, err)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.marksSeen, b.marks = seen, m
	for name, e := range b.entries {
		if mark := m.Runs[name]; e.row != nil && !alike(e.row.Mark, mark) {
			row := *e.row // the old one may be on its way to a page
			row.Mark, e.row = mark, &row
			b.touch(e.row)
		}
	}
	b.touch(nil)
}

func alike(a, b Mark) bool {
	return a.Note == b.Note && a.Hidden == b.Hidden && slices.Equal(a.Tags, b.Tags)
}

// marking is a request to change marks. What is nil or empty stays as it is.
type marking struct {
	Runs   []string `json:"runs"`
	Tag    string   `json:"tag"`
	Untag  string   `json:"untag"`
	Note   *string  `json:"note"`
	Hidden *bool    `json:"hidden"`
}

// check refuses what would not be kept as it is.
func (c *marking) check() error {
	c.Tag, c.Untag = strings.TrimSpace(c.Tag), strings.TrimSpace(c.Untag)
	switch {
	case c.Tag != "" && (len(c.Tag) > maxTag || strings.ContainsFunc(c.Tag, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`,"`, r)
	})):
		return fmt.Errorf("a tag is one word of at most %d bytes without commas and quotation marks", maxTag)
	case c.Note != nil && (len(*c.Note) > maxNote || !utf8.ValidString(*c.Note)):
		return fmt.Errorf("a note has at most %s bytes", message.Thousands(maxNote))
	}
	return nil
}

// apply is a mark after the change.
func (c *marking) apply(m Mark) (Mark, error) {
	m.Tags = slices.DeleteFunc(slices.Clone(m.Tags), func(t string) bool { return t == c.Untag || t == c.Tag })
	if c.Tag != "" {
		m.Tags = append(m.Tags, c.Tag)
		slices.Sort(m.Tags)
	}
	if len(m.Tags) > maxTags {
		return m, fmt.Errorf("a run has at most %d tags", maxTags)
	}
	if c.Note != nil {
		m.Note = strings.TrimSpace(*c.Note)
	}
	if c.Hidden != nil {
		m.Hidden = *c.Hidden
	}
	return m, nil
}

// mark changes the marks of runs.
func (b *Board) mark(c marking) error {
	if err := c.check(); err != nil {
		return err
	}
	err := changeMarks(b.opt.Root, func(m *marks) error {
		for _, name := range c.Runs {
			mark, err := c.apply(m.Runs[name])
			if err != nil {
				return err
			}
			if m.Runs[name] = mark; alike(mark, Mark{}) {
				delete(m.Runs, name)
			}
		}
		return nil
	})
	b.readMarks()
	return err
}
