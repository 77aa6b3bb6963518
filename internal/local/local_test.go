package local

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestLog holds that a request that fails leaves one line, in which nothing acts
// on a terminal, and that a panic is answered and logged.
func TestLog(t *testing.T) {
	var text bytes.Buffer
	h := Logged(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/panic"):
			panic("at once\x1b[2J")
		case strings.HasPrefix(r.URL.Path, "/right"):
			Reply(w, 200, "right")
		default:
			Fail(w, 404, io.ErrNoProgress)
		}
	}), log.New(&text, "", 0))
	get := func(path string) *httptest.ResponseRecorder {
		text.Reset()
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path, r.URL.RawPath, r.Method = path, "", "G\x1bET"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	if get("/right"); text.Len() > 0 {
		t.Errorf("a request that went well is logged: %s", text.String())
	}
	w := get("/\x1b[31mred\n")
	if line := text.String(); w.Code != 404 || strings.Count(line, "\n") != 1 || strings.Contains(line, "\x1b") || !strings.Contains(line, "404, "+io.ErrNoProgress.Error()) {
		t.Errorf("status %d, %q", w.Code, line)
	}
	w = get("/panic")
	if line := text.String(); w.Code != 500 || !strings.Contains(w.Body.String(), "bug in glyph") || strings.Contains(line, "\x1b") || !strings.Contains(line, "at once") || !strings.Contains(line, "local_test.go") {
		t.Errorf("status %d, %s, %q", w.Code, w.Body, line)
	}
	// net/http's own lines go the same way.
	text.Reset()
	log.New(quoting{log.New(&text, "", 0)}, "", 0).Print("http: from \x1b[31m")
	if line := text.String(); strings.Contains(line, "\x1b") || !strings.Contains(line, "http: from") {
		t.Errorf("%q", line)
	}
}

// A server answers under its own names, and changes nothing for other sites.
func TestGuard(t *testing.T) {
	h, err := Guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { Reply(w, 200, "right") }), []string{"lab.example", "lab.example:8443"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, host, origin, site string
		status                     int
	}{
		{"GET", "localhost:8080", "", "", 200},
		{"GET", "127.0.0.1", "", "", 200},
		{"GET", "[::1]:8080", "", "", 200},
		{"GET", "LAB.example", "", "", 200},
		{"GET", "evil.example", "", "", 421},
		{"GET", "localhost.evil.example", "", "", 421},
		{"POST", "localhost:8080", "http://localhost:8080", "", 200},
		{"POST", "localhost:8080", "http://evil.example", "", 403},
		{"POST", "localhost:8080", "", "cross-site", 403},
		{"DELETE", "localhost:8080", "null", "", 403},
		{"POST", "localhost:8080", "https://lab.example", "", 200}, // through a proxy
		{"POST", "localhost:8080", "https://lab.example:8443", "", 200},
		{"POST", "localhost:8080", "https://lab.example:9", "", 403},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		r.Host = c.host
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("Content-Security-Policy") != Policy {
			t.Errorf("%+v: status %d, %v", c, w.Code, w.Header())
		}
		var answer map[string]string
		if err := json.Unmarshal(w.Body.Bytes(), &answer); w.Code != 200 && (err != nil || answer["error"] == "" || w.Header().Get("Content-Type") != "application/json") {
			t.Errorf("%+v: refused with %q, %v", c, w.Body, w.Header())
		}
	}
	for _, name := range []string{"lab.example/path", "a b"} {
		if _, err := Guard(http.NotFoundHandler(), []string{name}); err == nil {
			t.Errorf("took %q for a host", name)
		}
	}
}
