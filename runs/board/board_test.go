package board

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"glyph/internal/local"
	"glyph/runs"
)

// served is a board of a directory and its handler.
func served(t testing.TB, opt Options) (*Board, http.Handler) {
	t.Helper()
	b, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	b.fresh = 0
	h, err := b.Handler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.pads.close)
	return b, h
}

// ask sends a request; body is sent as JSON, or nothing if it is nil.
func ask(h http.Handler, method, path string, body any, change func(*http.Request)) *httptest.ResponseRecorder {
	var from io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			panic(err)
		}
		from = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, from)
	r.Host = "localhost:8080"
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// state is what the page is told.
func state(t testing.TB, h http.Handler) State {
	t.Helper()
	var s State
	w := ask(h, "GET", "/api/runs", nil, nil)
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || w.Code != 200 {
		t.Fatalf("status %d, %v: %s", w.Code, err, w.Body)
	}
	return s
}

func row(t testing.TB, h http.Handler, name string) Row {
	t.Helper()
	s := state(t, h)
	i := slices.IndexFunc(s.Runs, func(r Row) bool { return r.Name == name })
	if i < 0 {
		t.Fatalf("no run %s in %v", name, s.Names)
	}
	return s.Runs[i]
}

type m = map[string]any

// The page is told every run with its settings and results, and what can't be read.
func TestRuns(t *testing.T) {
	root, names := some(t, 4, 3)
	if err := os.Mkdir(filepath.Join(root, "other"), 0o777); err != nil { // no run
		t.Fatal(err)
	}
	broken := filepath.Join(root, "broken")
	if err := os.Mkdir(broken, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, broken, runs.ConfigFile, []byte("model = \x1b[31m"))
	_, h := served(t, Options{Root: root})
	s := state(t, h)
	slices.Sort(names)
	if !slices.Equal(s.Names, names) || !s.Complete || len(s.Errors) != 1 || !strings.Contains(s.Errors["broken"], "broken") || strings.Contains(s.Errors["broken"], "\x1b") {
		t.Errorf("%v, complete %v, errors %q", s.Names, s.Complete, s.Errors)
	}
	r := row(t, h, names[0])
	if r.State != runs.Finished || r.Epoch != 3 || r.Epochs != 3 || r.TestAccuracy == nil || r.TestLoss == nil || r.Config["hidden"] != "128,64" || !r.Report || r.Weights {
		t.Errorf("%+v", r)
	}
	var c map[string]map[string][]*float64
	w := ask(h, "GET", "/api/curves?run="+names[0]+"&run=none", nil, nil)
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	got := c[names[0]]
	if len(c) != 1 || len(got) != 10 || len(got["epoch"]) != 3 || *got["step"][2] != 90 || *got["seconds"][2] != 1.5 || *got["validation_loss"][0] <= *got["train_loss"][0] {
		t.Errorf("curves %s", w.Body)
	}
	if w := ask(h, "GET", "/api/steps?run="+names[0], nil, nil); w.Code != 200 || strings.Count(w.Body.String(), ",") < 5*29 {
		t.Errorf("steps: %d, %s", w.Code, w.Body)
	}
	var d Detail
	w = ask(h, "GET", "/api/run?run="+names[0], nil, nil)
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || len(d.Confusion) != 2 || len(d.Classes) != 2 || d.Images != [3]int{960, 40, 100} || !strings.HasPrefix(d.Command, "glyph train ") || !strings.Contains(d.Command, "--hidden 128,64") {
		t.Errorf("%v: %s", err, w.Body)
	}
	for _, path := range []string{"/api/run?run=none", "/api/run?run=..", "/api/steps?run=other", "/report/none", "/report/..%2f" + names[0], "/draw/none/", "/api/mistakes?run=none", "/secret", "/web/index.html"} {
		if w := ask(h, "GET", path, nil, nil); w.Code != 404 {
			t.Errorf("%s: %d, %s", path, w.Code, w.Body)
		}
	}
}

// A series has null for what is not known, and steps in full.
func TestSeries(t *testing.T) {
	text, err := json.Marshal(curvesOf([]runs.Metric{{Step: 1234567, Epoch: 1, Loss: 1.0 / 3}}, nil, 8))
	if err != nil || !strings.Contains(string(text), `"step":[1234567]`) || !strings.Contains(string(text), `"train_loss":[0.333333]`) || !strings.Contains(string(text), `"seconds":[null]`) {
		t.Errorf("%s, %v", text, err)
	}
}

// What the page loads is there, and nothing of it is elsewhere.
func TestPageLoadsNothing(t *testing.T) {
	_, h := served(t, Options{Root: t.TempDir()})
	page := ask(h, "GET", "/", nil, nil)
	links := append(linkTag.FindAllStringSubmatch(page.Body.String(), -1), scriptTag.FindAllStringSubmatch(page.Body.String(), -1)...)
	if page.Code != 200 || len(links) != len(assets) {
		t.Fatalf("status %d, %d files, want %d", page.Code, len(links), len(assets))
	}
	for _, l := range links {
		w := ask(h, "GET", "/"+l[1], nil, nil)
		text := strings.ReplaceAll(w.Body.String(), "https://github.com/leeoniya/uPlot", "")
		if w.Code != 200 || w.Header().Get("Content-Type") != assets[l[1]] || strings.Contains(text, "https://") || strings.Contains(text, "http://") {
			t.Errorf("%s: status %d, %v, or it loads something", l[1], w.Code, w.Header())
		}
	}
}

// The rules of a page on this machine hold for every request; see package local.
func TestRules(t *testing.T) {
	root, names := some(t, 1, 1)
	var text bytes.Buffer
	_, h := served(t, Options{Root: root, Names: []string{"lab.example"}, Log: log.New(&text, "", 0)})
	state(t, h)
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	head := func(k, v string) func(*http.Request) { return func(r *http.Request) { r.Header.Set(k, v) } }
	hide := m{"runs": names, "hidden": true}
	for _, c := range []struct {
		what, method, path string
		body               any
		change             func(*http.Request)
		status             int
	}{
		{"another host", "GET", "/api/runs", nil, host("evil.example"), 421},
		{"the public host", "GET", "/api/runs", nil, host("lab.example"), 200},
		{"another site", "POST", "/api/mark", hide, head("Origin", "http://evil.example"), 403},
		{"another site by its headers", "POST", "/api/delete", m{"runs": names}, head("Sec-Fetch-Site", "cross-site"), 403},
		{"a form", "POST", "/api/mark", hide, head("Content-Type", "text/plain"), 415},
		{"a GET", "GET", "/api/delete", nil, nil, 405},
		{"another key", "POST", "/api/mark", m{"runs": names, "nodes": "x"}, nil, 400},
		{"no run", "POST", "/api/mark", m{"runs": []string{}}, nil, 400},
		{"a run that is not there", "POST", "/api/delete", m{"runs": []string{"../" + filepath.Base(root)}}, nil, 404},
		{"too much", "POST", "/api/mark", m{"runs": names, "note": strings.Repeat("x", maxRequest)}, nil, 413},
		{"a long note", "POST", "/api/mark", m{"runs": names, "note": strings.Repeat("x", maxNote+1)}, nil, 409},
		{"two words", "POST", "/api/mark", m{"runs": names, "tag": "two words"}, nil, 409},
		{"what is not in the trash", "POST", "/api/restore", m{"runs": []string{"../.."}}, nil, 409},
		{"no version", "GET", "/api/events", nil, nil, 400},
	} {
		if w := ask(h, c.method, c.path, c.body, c.change); w.Code != c.status || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: status %d, want %d: %s", c.what, w.Code, c.status, w.Body)
		}
	}
	if r := row(t, h, names[0]); r.Hidden || r.Note != "" || r.Tags != nil {
		t.Errorf("changed: %+v", r.Mark)
	}
	if n := strings.Count(text.String(), "\n"); n < 12 {
		t.Errorf("%d lines in the log: %s", n, text.String())
	}
	w := ask(h, "GET", "/report/"+names[0], nil, nil)
	if w.Code != 200 || !strings.Contains(w.Body.String(), "report of") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the report: %d, %v", w.Code, w.Header())
	}
}

// Behind a proxy the page is below its path, and only there.
func TestBasePath(t *testing.T) {
	root, _ := some(t, 1, 1)
	_, h := served(t, Options{Root: root, Base: "/glyph"})
	for path, status := range map[string]int{"/glyph": 308, "/glyph/": 200, "/glyph/api/runs": 200, "/glyph/app.js": 200, "/": 404, "/api/runs": 404, "/glyphs/": 404} {
		if w := ask(h, "GET", path, nil, nil); w.Code != status || status == 308 && w.Header().Get("Location") != "/glyph/" {
			t.Errorf("%s: %d, %v", path, w.Code, w.Header())
		}
	}
	for _, base := range []string{"glyph", "/glyph/", "/", "/a b", "/{x}"} {
		if _, err := New(Options{Root: root, Base: base}); err == nil {
			t.Errorf("took %q", base)
		}
	}
}

// Where there is nothing to show, New says what to do.
func TestNewRefuses(t *testing.T) {
	root, names := some(t, 1, 1)
	file := filepath.Join(root, "file")
	write(t, root, "file", nil)
	for path, want := range map[string]string{
		filepath.Join(root, "none"):   "glyph train creates it",
		file:                          "not a directory",
		filepath.Join(root, names[0]): "glyph ui " + root,
	} {
		if _, err := New(Options{Root: path}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

// The exported page has the data in it, loads nothing, and tells nothing of where the
// runs lie.
func TestExport(t *testing.T) {
	root, names := some(t, 3, 4)
	broken := filepath.Join(root, "broken")
	if err := os.Mkdir(broken, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, broken, runs.ConfigFile, []byte("model = 1 2"))
	write(t, filepath.Join(root, names[2]), runs.FailureFile, []byte("open "+root+"/data: no such file\n"))
	b, h := served(t, Options{Root: root})
	if s := state(t, h); len(s.Errors) != 1 || row(t, h, names[2]).Failure == "" {
		t.Errorf("errors %v, failure %q", s.Errors, row(t, h, names[2]).Failure)
	}
	if w := ask(h, "POST", "/api/mark", m{"runs": names[:1], "note": "</script><script>alert(1)"}, nil); w.Code != 200 {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	var page bytes.Buffer
	if err := b.Export(&page); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	for _, part := range append(names, "uPlot", "train_loss", `"confusion"`, "default-src 'none'", "id=\"data\"") {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in the page", part)
		}
	}
	for _, part := range []string{root, "/home/someone", "</script><script>alert", "src=\"app.js\"", "href=\"style.css\""} {
		if strings.Contains(text, part) {
			t.Errorf("%q in the page", part)
		}
	}
	if w := ask(h, "GET", "/export", nil, nil); w.Code != 200 || w.Body.Len() != len(text) || !strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("status %d, %d bytes, want %d", w.Code, w.Body.Len(), len(text))
	}
}

// What an address names is there while the runs are first read: that is waited for.
func TestFirstRead(t *testing.T) {
	root, names := some(t, 20, 1)
	_, h := served(t, Options{Root: root})
	for path, status := range map[string]int{"/report/" + names[19]: 200, "/report/none": 404} {
		if w := ask(h, "GET", path, nil, nil); w.Code != status {
			t.Errorf("%s: status %d, %s", path, w.Code, w.Body)
		}
	}
}

// A network is opened once for drawing, again once its weights change, and released when
// others are drawn for, its run is deleted, or the server ends.
func TestPads(t *testing.T) {
	root, names := some(t, 3, 1)
	for _, name := range names {
		weigh(t, filepath.Join(root, name))
	}
	opened, released := 0, make(chan string, 10)
	b, h := served(t, Options{Root: root, Draw: func(_ context.Context, dir string) (http.Handler, func(), error) {
		opened++
		id := fmt.Sprint(slices.Index(names, filepath.Base(dir)), ".", opened)
		return local.File("text/plain", []byte(id)), func() { released <- id }, nil
	}})
	draw := func(i int, want string) {
		t.Helper()
		if w := ask(h, "GET", "/draw/"+names[i]+"/", nil, nil); w.Body.String() != want {
			t.Errorf("status %d, %s, want %s", w.Code, w.Body, want)
		}
	}
	ends := func(want string) {
		t.Helper()
		select {
		case got := <-released:
			if got != want {
				t.Errorf("released %s, want %s", got, want)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s is never released", want)
		}
	}
	draw(0, "0.1")
	draw(0, "0.1")
	draw(1, "1.2")
	draw(0, "0.1")
	draw(2, "2.3")
	ends("1.2")
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(root, names[0], runs.BestFile), later, later); err != nil {
		t.Fatal(err)
	}
	draw(0, "0.4")
	ends("0.1")
	ask(h, "POST", "/api/delete", m{"runs": names[:1]}, nil)
	ends("0.4")
	b.pads.close()
	ends("2.3")
}

// The pages' connections end with the server.
func TestEventsEndWithTheServer(t *testing.T) {
	root, _ := some(t, 1, 1)
	b, err := New(Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	h, err := b.Handler(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	w := ask(h, "GET", "/api/events?version=-1", nil, nil) // returns
	if w.Code != 200 || !strings.HasPrefix(w.Body.String(), "data: {") {
		t.Errorf("status %d, %s", w.Code, w.Body)
	}
}

// A run whose name the page could not ask for is not listed, and is told of.
func TestNameThatIsNotUTF8(t *testing.T) {
	root, names := some(t, 2, 1)
	if err := os.Rename(filepath.Join(root, names[0]), filepath.Join(root, "a\xff")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err) // some file systems take no such name
	}
	b, err := New(Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	b.scan()
	if s, _ := b.since(-1); len(s.Runs) != 1 || s.Runs[0].Name != names[1] || !strings.Contains(s.Errors["a\xff"], "not UTF-8; rename it") {
		t.Errorf("%+v, %v", s.Runs, s.Errors)
	}
}
