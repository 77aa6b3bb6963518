package board

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path/filepath"
	"time"

	"glyph/internal/local"
	"glyph/internal/message"
	"glyph/runs"
)

// refresh reads the directory again unless that is going on or has just been done.
func (b *Board) refresh() {
	b.mu.Lock()
	old := time.Since(b.scanned) > b.fresh
	b.mu.Unlock()
	if old && b.scanning.TryLock() {
		b.scanning.Unlock()
		b.scan()
	}
}

// firstScan reads the directory unless it has been read as a whole.
func (b *Board) firstScan() (done bool) {
	b.mu.Lock()
	complete := b.complete
	b.mu.Unlock()
	if !complete {
		b.scan()
	}
	return !complete
}

func (b *Board) serveRuns(w http.ResponseWriter, _ *http.Request) {
	b.refresh()
	state, _ := b.since(-1)
	local.Reply(w, http.StatusOK, state)
}

// named is the run that ?run= or the path names; where there is none it answers so. An
// address that was kept may be asked for while the runs are first read: that waits.
func (b *Board) named(w http.ResponseWriter, name string) (row Row, dir string, ok bool) {
	if row, dir, ok = b.find(name); !ok && b.firstScan() {
		row, dir, ok = b.find(name)
	}
	if !ok {
		local.Fail(w, http.StatusNotFound, fmt.Errorf("there is no run %s", message.Quote(name)))
	}
	return row, dir, ok
}

// curves is the curves of these runs, or of all.
func (b *Board) curves(names []string) map[string]*Curves {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := map[string]*Curves{}
	if names == nil {
		for name, e := range b.entries {
			if e.curves != nil {
				found[name] = e.curves
			}
		}
	}
	for _, name := range names {
		if e := b.entries[name]; e != nil && e.curves != nil {
			found[name] = e.curves
		}
	}
	return found
}

func (b *Board) serveCurves(w http.ResponseWriter, r *http.Request) {
	local.Reply(w, http.StatusOK, b.curves(r.URL.Query()["run"]))
}

// Steps is the lines between a run's epochs.
type Steps struct {
	Step          series `json:"step"`
	TrainLoss     series `json:"train_loss"`
	TrainAccuracy series `json:"train_accuracy"`
	LR            series `json:"lr"`
	GradientNorm  series `json:"gradient_norm"`
}

func (b *Board) serveSteps(w http.ResponseWriter, r *http.Request) {
	_, dir, ok := b.named(w, r.URL.Query().Get("run"))
	if !ok {
		return
	}
	lines, err := runs.ReadMetrics(dir)
	if err != nil {
		local.Fail(w, http.StatusInternalServerError, err)
		return
	}
	var s Steps
	for _, m := range lines {
		if m.Epoch > 0 {
			continue
		}
		s.Step = append(s.Step, float64(m.Step))
		s.TrainLoss, s.TrainAccuracy = append(s.TrainLoss, m.Loss), append(s.TrainAccuracy, m.Accuracy)
		s.LR, s.GradientNorm = append(s.LR, float64(m.LR)), append(s.GradientNorm, positive(m.GradientNorm))
	}
	local.Reply(w, http.StatusOK, s)
}

// maxRequest is the largest body of a request.
const maxRequest = 1 << 20

// request reads a request to change something; where it is not one it answers so.
func (b *Board) request(w http.ResponseWriter, r *http.Request, into any) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/json" { // which no form of another site can send
		local.Fail(w, http.StatusUnsupportedMediaType, errors.New("the Content-Type must be application/json"))
		return false
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		status := http.StatusBadRequest
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		local.Fail(w, status, fmt.Errorf("the request can't be read: %w", err))
		return false
	}
	return true
}

// all reports whether there are runs of all these names; where not it answers so.
func (b *Board) all(w http.ResponseWriter, names []string) bool {
	for _, name := range names {
		if _, _, ok := b.named(w, name); !ok {
			return false
		}
	}
	if len(names) == 0 {
		local.Fail(w, http.StatusBadRequest, errors.New("the request names no run"))
	}
	return len(names) > 0
}

func (b *Board) serveMark(w http.ResponseWriter, r *http.Request) {
	var c marking
	if !b.request(w, r, &c) || !b.all(w, c.Runs) {
		return
	}
	b.answer(w, b.mark(c), map[string]bool{"done": true})
}

func (b *Board) serveDelete(w http.ResponseWriter, r *http.Request) {
	var c struct {
		Runs []string `json:"runs"`
	}
	if !b.request(w, r, &c) || !b.all(w, c.Runs) {
		return
	}
	for _, name := range c.Runs {
		b.pads.drop(filepath.Join(b.opt.Root, name))
	}
	ids, err := b.remove(c.Runs)
	b.answer(w, err, map[string][]string{"restore": ids})
}

func (b *Board) serveRestore(w http.ResponseWriter, r *http.Request) {
	var c struct {
		Runs []string `json:"runs"`
	}
	if !b.request(w, r, &c) {
		return
	}
	b.answer(w, b.restore(c.Runs), map[string]bool{"done": true})
}

// answer answers a change: 409 where it could not be made.
func (b *Board) answer(w http.ResponseWriter, err error, with any) {
	if err != nil {
		local.Fail(w, http.StatusConflict, err)
		return
	}
	local.Reply(w, http.StatusOK, with)
}
