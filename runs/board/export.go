package board

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"

	"glyph/internal/local"
	"glyph/kmnist"
	"glyph/runs"
)

// frozen is all that an exported page shows.
type frozen struct {
	State
	Curves  map[string]*Curves `json:"curves"`
	Details map[string]Detail  `json:"details"`
	Studies []Study            `json:"studies"`
	Reports map[string]string  `json:"reports"` // of studies, as pages of HTML
}

// Export writes the page with the data of all runs, sweeps and studies as one HTML file
// that loads nothing. Paths are reduced to their last part. Messages that may have a path
// of this machine in them are left out, and so is what needs the networks, such as mistakes.
func (b *Board) Export(w io.Writer) error {
	b.scan()
	state, _ := b.since(-1)
	state.Can, state.Trash, state.Errors = map[string]bool{}, nil, nil
	f := frozen{State: state, Curves: b.curves(nil), Details: map[string]Detail{}, Reports: map[string]string{}}
	if err := b.freezeStudies(&f); err != nil {
		return err
	}
	names := map[string][]kmnist.Class{} // by data, so that few weights are opened
	for i, row := range f.Runs {
		f.Runs[i].Config = portable(row.Config)
		f.Runs[i].Report = false
		if strings.ContainsAny(row.Failure, `/\`) {
			f.Runs[i].Failure = ""
		}
		dir := filepath.Join(b.opt.Root, row.Name)
		s, err := runs.ReadSummary(dir)
		if err != nil || s == nil || len(s.Confusion) == 0 {
			continue
		}
		if _, known := names[s.Data]; !known {
			names[s.Data] = classNames(dir)
		}
		d := detailOf(s, names[s.Data])
		d.DataSource = ""
		f.Details[row.Name] = d
	}
	data, err := json.Marshal(f) // which writes < as \u003c
	if err != nil {
		return err
	}
	_, err = w.Write(inlined(data))
	return err
}

// portable is settings without the directories of paths.
func portable(config map[string]string) map[string]string {
	short := map[string]string{}
	for name, value := range config {
		short[name] = base(value)
	}
	return short
}

// base is the last part of a path, and of any other text the whole.
func base(text string) string {
	return text[strings.LastIndexAny(strings.TrimRight(text, `/\`), `/\`)+1:]
}

var (
	linkTag   = regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)">`)
	scriptTag = regexp.MustCompile(`<script src="([^"]+)" defer></script>\n?`)
)

// inlined is the page with its styles, its scripts and these data in it.
func inlined(data []byte) []byte {
	page := linkTag.ReplaceAllFunc(asset("index.html"), func(tag []byte) []byte {
		return fmt.Appendf(nil, "<style>\n%s\n</style>", asset(string(linkTag.FindSubmatch(tag)[1])))
	})
	var scripts bytes.Buffer
	fmt.Fprintf(&scripts, "<script id=\"data\" type=\"application/json\">%s</script>\n", data)
	for _, m := range scriptTag.FindAllSubmatch(page, -1) {
		fmt.Fprintf(&scripts, "<script>\n%s\n</script>\n", asset(string(m[1])))
	}
	page = scriptTag.ReplaceAll(page, nil)
	// Scripts without defer come after what they act on.
	head, tail, _ := bytes.Cut(page, []byte("</body>"))
	policy := []byte(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">` + "\n</head>")
	head = bytes.Replace(head, []byte("</head>"), policy, 1)
	return bytes.Join([][]byte{head, scripts.Bytes(), []byte("</body>"), tail}, nil)
}

func (b *Board) serveExport(w http.ResponseWriter, _ *http.Request) {
	var page bytes.Buffer
	if err := b.Export(&page); err != nil {
		local.Fail(w, http.StatusInternalServerError, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="glyph-runs.html"`)
	w.Write(page.Bytes()) //nolint:errcheck // the client is gone
}
