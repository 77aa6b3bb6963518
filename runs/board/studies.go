package board

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"glyph/internal/local"
	"glyph/internal/message"
	"glyph/study"
)

// Study is a directory with the results of a study or of a sweep.
type Study struct {
	Name        string             `json:"name"`
	Report      bool               `json:"report"`                // of a study, for /study/NAME
	Leaderboard *study.Leaderboard `json:"leaderboard,omitempty"` // of a sweep
	Best        string             `json:"best,omitempty"`        // the command that trains the first of the leaderboard
	Problem     string             `json:"problem,omitempty"`     // why there is none
}

// maxStudyFile is the size of the largest file of a study or of a sweep that is read.
const maxStudyFile = 16 << 20

// studies lists the studies and sweeps in the runs' directory, by name.
func (b *Board) studies() ([]Study, error) {
	list, err := os.ReadDir(b.opt.Root)
	if err != nil {
		return nil, message.Cause(err)
	}
	found := []Study{}
	for _, e := range list {
		dir := filepath.Join(b.opt.Root, e.Name())
		if !e.IsDir() || e.Name() == trashDir || !regular(filepath.Join(dir, study.ManifestFile)) {
			continue
		}
		s := Study{Name: e.Name(), Report: regular(filepath.Join(dir, study.ReportFile))}
		path := filepath.Join(dir, study.LeaderboardFile)
		switch {
		case regular(path):
			if s.Leaderboard, err = readLeaderboard(path); errors.Is(err, errDamaged) {
				s.Problem = fmt.Sprintf("The leaderboard of this sweep is damaged. To make it again: %s", reportCommand("sweep", dir))
			} else if err != nil {
				s.Problem = err.Error()
			} else {
				s.Best = best(s.Leaderboard)
			}
		case !s.Report:
			s.Problem = unfinished(dir)
		}
		found = append(found, s)
	}
	return found, nil
}

// unfinished says that a directory has neither a report nor a leaderboard, and how to make
// it from the trainings that there are.
func unfinished(dir string) string {
	kind, what := "study", "report"
	var m study.Manifest
	if text, err := readStudyFile(filepath.Join(dir, study.ManifestFile)); err == nil && json.Unmarshal(text, &m) == nil && m.Sweep != nil {
		kind, what = "sweep", "leaderboard"
	}
	return fmt.Sprintf("This %s has no %s yet: it is still running, was stopped, or is a shard. To make one of what is done: %s", kind, what, reportCommand(kind, dir))
}

// reportCommand is the command that writes the results of a study or of a sweep again.
func reportCommand(kind, dir string) string {
	return message.Shell("glyph", kind, "report", message.Operand(dir))
}

var errDamaged = errors.New("the leaderboard is damaged")

// regular reports whether there is a file at path that is no link.
func regular(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}

// readStudyFile reads a file of a study or of a sweep.
func readStudyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, message.Cause(err)
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, maxStudyFile+1))
	if err != nil {
		return nil, message.Cause(err)
	}
	if len(text) > maxStudyFile {
		return nil, fmt.Errorf("%s is larger than %d MB", filepath.Base(path), maxStudyFile>>20)
	}
	return text, nil
}

// readLeaderboard reads a leaderboard, which may be damaged.
func readLeaderboard(path string) (*study.Leaderboard, error) {
	text, err := readStudyFile(path)
	if err != nil {
		return nil, err
	}
	var l study.Leaderboard
	if json.Unmarshal(text, &l) != nil || !whole(l) {
		return nil, errDamaged
	}
	return &l, nil
}

// whole reports whether a leaderboard has all that the page shows of one.
func whole(l study.Leaderboard) bool {
	return l.Rows != nil && l.Seeds != nil && l.Varied != nil && !slices.ContainsFunc(l.Rows, func(s study.Standing) bool {
		return s.Settings == nil || s.Accuracies == nil || s.Train == nil
	})
}

// best is the command that trains the first of a leaderboard.
func best(l *study.Leaderboard) string {
	args := l.Best("")
	if args == nil {
		return ""
	}
	return message.Shell(append([]string{"glyph"}, args...)...)
}

func (b *Board) serveStudies(w http.ResponseWriter, _ *http.Request) {
	list, err := b.studies()
	if err != nil {
		local.Fail(w, http.StatusInternalServerError, err)
		return
	}
	local.Reply(w, http.StatusOK, list)
}

// serveStudy answers with the report of a study that is listed: no other path is opened.
func (b *Board) serveStudy(w http.ResponseWriter, r *http.Request) {
	list, err := b.studies()
	if err != nil {
		local.Fail(w, http.StatusInternalServerError, err)
		return
	}
	for _, s := range list {
		if s.Name == r.PathValue("name") && s.Report {
			servePage(w, r, filepath.Join(b.opt.Root, s.Name, study.ReportFile))
			return
		}
	}
	local.Fail(w, http.StatusNotFound, fmt.Errorf("there is no report of a study %s", message.Quote(r.PathValue("name"))))
}
