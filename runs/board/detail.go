package board

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"

	"glyph/internal/local"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/runs"
	"glyph/runs/report"
)

// Detail is what is known of a run's results besides its row.
type Detail struct {
	Confusion  [][]int        `json:"confusion,omitempty"` // [label][prediction]
	Classes    []report.Class `json:"classes,omitempty"`
	DataSource string         `json:"data_source,omitempty"`
	Images     [3]int         `json:"images"` // to train, to validate, to test
	Backend    string         `json:"backend,omitempty"`
	Kernels    string         `json:"kernels,omitempty"`
	Command    string         `json:"command,omitempty"` // that repeats the run
}

// detailOf reads a summary; names are the classes', or nil.
func detailOf(s *runs.Summary, names []kmnist.Class) Detail {
	d := Detail{
		Confusion: s.Confusion, DataSource: message.Escape(s.DataSource), Images: [3]int{s.TrainImages, s.ValidationImages, s.TestImages},
		Backend: s.Backend, Kernels: s.Kernels,
	}
	for _, row := range s.Confusion {
		if len(row) != len(s.Confusion) {
			d.Confusion = nil
		}
	}
	d.Classes = report.Classes(d.Confusion, func(c int) (symbol, name string) {
		if c < len(names) {
			return names[c].Symbol, names[c].Name
		}
		return "", ""
	})
	return d
}

func (b *Board) serveRun(w http.ResponseWriter, r *http.Request) {
	row, dir, ok := b.named(w, r.URL.Query().Get("run"))
	if !ok {
		return
	}
	s, err := runs.ReadSummary(dir)
	if err != nil {
		local.Fail(w, http.StatusInternalServerError, err)
		return
	}
	var d Detail
	if s != nil {
		d = detailOf(s, classNames(dir))
	}
	if run, err := runs.Open(dir); err == nil && row.State != runs.Imported {
		d.Command = message.Shell(append([]string{"glyph"}, run.Command()...)...)
	}
	local.Reply(w, http.StatusOK, d)
}

// classNames is the names of a run's classes, or nil.
func classNames(dir string) []kmnist.Class {
	w, err := runs.OpenWeights(dir)
	if err != nil {
		return nil
	}
	return w.ClassNames()
}

// reportPolicy confines a report: its scripts can neither read from this server nor send
// requests to another.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"

func (b *Board) serveReport(w http.ResponseWriter, r *http.Request) {
	_, dir, ok := b.named(w, r.PathValue("name"))
	if !ok {
		return
	}
	path := filepath.Join(dir, runs.ReportFile)
	if !regular(path) {
		local.Fail(w, http.StatusNotFound, errors.New("the run has no report; to make one: "+message.Shell("glyph", "report", message.Operand(dir))))
		return
	}
	servePage(w, r, path)
}

// servePage answers with a page that Glyph wrote, confined by reportPolicy.
func servePage(w http.ResponseWriter, r *http.Request, path string) {
	f, err := os.Open(path)
	if err != nil {
		local.Fail(w, http.StatusInternalServerError, message.Cause(err))
		return
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		local.Fail(w, http.StatusInternalServerError, message.Cause(err))
		return
	}
	w.Header().Set("Content-Security-Policy", reportPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	http.ServeContent(w, r, "", info.ModTime(), f)
}
