package board

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"glyph/internal/filelock"
	"glyph/internal/message"
	"glyph/runs"
)

// hold locks a run's directory against trainings, if it has a lock file. The error is
// runs.ErrLocked while a training is writing.
func hold(dir string) (release func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) { // imported
		return func() {}, nil
	}
	if err != nil {
		return nil, message.Cause(err)
	}
	release = func() { f.Close() } //nolint:errcheck // nothing was written
	err = filelock.TryLock(f)
	for i := 0; i < 20 && errors.Is(err, filelock.ErrLocked); i++ { // runs.Busy holds it for an instant
		time.Sleep(5 * time.Millisecond)
		err = filelock.TryLock(f)
	}
	if errors.Is(err, filelock.ErrLocked) {
		err = runs.ErrLocked
	}
	if err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// remove moves runs to the trash and returns the directories they have there. It
// stops at the first that can't be moved; those before it stay moved.
func (b *Board) remove(names []string) (ids []string, err error) {
	trash := filepath.Join(b.opt.Root, trashDir)
	for _, name := range names {
		moved := ""
		err = changeMarks(b.opt.Root, func(m *marks) error {
			release, err := hold(filepath.Join(b.opt.Root, name))
			if err != nil {
				return fmt.Errorf("%s can't be deleted: %w", message.Quote(name), err)
			}
			defer release()
			if err := os.MkdirAll(trash, 0o777); err != nil {
				return message.Cause(err)
			}
			id, err := move(filepath.Join(b.opt.Root, name), trash, name)
			if err != nil {
				return fmt.Errorf("%s can't be deleted: %w", message.Quote(name), message.Cause(err))
			}
			m.Trash[id] = Trash{Name: name, Deleted: time.Now().UTC().Truncate(time.Second), Mark: m.Runs[name]}
			delete(m.Runs, name)
			moved = id
			return nil
		})
		if err != nil {
			if moved != "" { // and not recorded
				err = errors.Join(err, os.Rename(filepath.Join(trash, moved), filepath.Join(b.opt.Root, name)))
			}
			break
		}
		ids = append(ids, moved)
	}
	b.scan()
	return ids, err
}

// restore moves runs back from the trash.
func (b *Board) restore(ids []string) (err error) {
	for _, id := range ids {
		err = changeMarks(b.opt.Root, func(m *marks) error {
			t, ok := m.Trash[id]
			if !ok || filepath.Base(id) != id || filepath.Base(t.Name) != t.Name || t.Name == ".." || t.Name == "." {
				return fmt.Errorf("%s is not in the trash", message.Quote(id))
			}
			to := filepath.Join(b.opt.Root, t.Name)
			if _, err := os.Lstat(to); err == nil {
				return fmt.Errorf("%s can't be restored: there is a run of that name again", message.Quote(t.Name))
			}
			if err := os.Rename(filepath.Join(b.opt.Root, trashDir, id), to); err != nil {
				return fmt.Errorf("%s can't be restored: %w", message.Quote(t.Name), message.Cause(err))
			}
			if delete(m.Trash, id); !alike(t.Mark, Mark{}) {
				m.Runs[t.Name] = t.Mark
			}
			return nil
		})
		if err != nil {
			break
		}
	}
	b.scan()
	return err
}

// move renames a directory into another under a name that is free there.
func move(from, into, name string) (id string, err error) {
	for n := 1; ; n++ {
		if id = name; n > 1 {
			id = fmt.Sprintf("%s-%d", name, n)
		}
		if _, err := os.Lstat(filepath.Join(into, id)); errors.Is(err, fs.ErrNotExist) {
			return id, os.Rename(from, filepath.Join(into, id))
		} else if err != nil {
			return "", err
		}
	}
}
