package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise"
)

// handler answers for a small network with random weights.
func handler(t testing.TB) http.Handler {
	t.Helper()
	return handlerWith(t, Options{Names: []string{"lab.example"}})
}

func handlerWith(t testing.TB, opt Options) http.Handler {
	t.Helper()
	b := cpu.New[float32](1)
	t.Cleanup(func() { b.Close() }) //nolint:errcheck // it has failed nowhere
	net, err := models.New(b, models.Spec{Model: "mlp", Hidden: []int{8}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	arrays, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	if net, err = models.NewFolded(b, net.Spec, arrays, 1); err != nil {
		t.Fatal(err)
	}
	p, err := models.NewPredictor(b, net, []float32{48}, []float32{1.0 / 88})
	if err != nil {
		t.Fatal(err)
	}
	r, err := recognise.New(p, kmnist.Characters(), MaxPixels)
	if err != nil {
		t.Fatal(err)
	}
	page := Page{Model: "a <network>", Source: "drawn glyphs"}
	for _, c := range kmnist.Characters() {
		page.Classes = append(page.Classes, Class{c.Symbol, c.Name, []Picture{{Pixels: make([]uint8, 28*28), H: 28, W: 28}}})
	}
	h, err := Handler(r, page, opt)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// stroke is a picture of a dark bar on white.
func stroke(w, h int) []byte {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetGray(x, y, color.Gray{255})
			if x > w/3 && x < w/2 && y > h/5 && y < 4*h/5 {
				m.SetGray(x, y, color.Gray{10})
			}
		}
	}
	var b bytes.Buffer
	png.Encode(&b, m) //nolint:errcheck // into memory
	return b.Bytes()
}

func ask(h http.Handler, method, path, kind string, body []byte, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Host = "localhost:8080"
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPage(t *testing.T) {
	h := handler(t)
	w := ask(h, "GET", "/", "", nil, nil)
	text := w.Body.String()
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, text)
	}
	for _, part := range []string{"a &lt;network&gt;", "drawn glyphs", "お", "を", "data:image/png;base64,"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in the page", part)
		}
	}
	for _, path := range []string{"/", "/style.css", "/draw.js", "/show.js"} {
		w := ask(h, "GET", path, "", nil, nil)
		if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: status %d, %v", path, w.Code, w.Header())
		}
		if body := w.Body.String(); strings.Contains(body, "http://") || strings.Contains(body, "https://") {
			t.Errorf("%s asks for something on the network", path)
		}
	}
	if w := ask(h, "GET", "/secret", "", nil, nil); w.Code != 404 {
		t.Errorf("another path: %d", w.Code)
	}
}

func TestPredict(t *testing.T) {
	h := handler(t)
	picture := stroke(300, 200)
	wrapped, _ := json.Marshal(map[string]string{"image": "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture)})
	var answers []string
	for _, c := range []struct {
		kind string
		body []byte
	}{{"image/png", picture}, {"application/json; charset=utf-8", wrapped}} {
		w := ask(h, "POST", "/predict", c.kind, c.body, nil)
		if w.Code != 200 {
			t.Fatalf("%s: status %d: %s", c.kind, w.Code, w.Body)
		}
		answers = append(answers, w.Body.String())
	}
	if answers[0] != answers[1] {
		t.Errorf("the same picture is answered in two ways:\n%s%s", answers[0], answers[1])
	}
	var a struct {
		Size          [2]int    `json:"size"`
		DarkOnLight   bool      `json:"dark_on_light"`
		Top           []any     `json:"top"`
		Probabilities []float64 `json:"probabilities"`
		Pixels        []int     `json:"pixels"`
	}
	if err := json.Unmarshal([]byte(answers[0]), &a); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, p := range a.Probabilities {
		sum += p
	}
	if a.Size != [2]int{300, 200} || !a.DarkOnLight || len(a.Top) != 3 || len(a.Pixels) != 784 || sum < 0.999 || sum > 1.001 {
		t.Errorf("%+v", a)
	}
}

func TestRefusals(t *testing.T) {
	h := handler(t)
	picture := stroke(30, 30)
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for _, c := range []struct {
		name, method, kind string
		body               []byte
		change             func(*http.Request)
		status             int
		says               string
	}{
		{"too large", "POST", "image/png", make([]byte, MaxBody+1), nil, 413, "more than"},
		{"too many pixels", "POST", "image/png", stroke(4001, 4000), nil, 422, "pixels"},
		{"no picture", "POST", "image/png", []byte("hello"), nil, 415, "not a PNG"},
		{"half a picture", "POST", "image/png", picture[:len(picture)/2], nil, 422, ""},
		{"a frame of nothing", "POST", "image/gif", []byte("GIF89a\x0a\x00\x0a\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\x00\x00\x05\x00\x00\x02\x01\x2c\x00\x3b"), nil, 422, "0×5"},
		{"blank", "POST", "image/png", blank(), nil, 422, ""},
		{"text", "POST", "text/plain", picture, nil, 415, "Content-Type"},
		{"no type", "POST", "", picture, nil, 415, "Content-Type"},
		{"other JSON", "POST", "application/json", []byte(`{"img":1}`), nil, 400, "JSON"},
		{"no base64", "POST", "application/json", []byte(`{"image":"%"}`), nil, 400, "base64"},
		{"get", "GET", "", nil, nil, 405, ""},
		{"another host", "POST", "image/png", picture, host("evil.example"), 421, "evil.example"},
		{"another host with a port", "POST", "image/png", picture, host("localhost.evil.example:8080"), 421, ""},
		{"another site's page", "POST", "image/png", picture, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403, ""},
		{"an address", "POST", "image/png", picture, host("127.0.0.1:8080"), 200, ""},
		{"an address of version 6", "POST", "image/png", picture, host("[::1]:8080"), 200, ""},
		{"the name it listens at", "POST", "image/png", picture, host("LAB.example:80"), 200, ""},
	} {
		w := ask(h, c.method, "/predict", c.kind, c.body, c.change)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: status %d, %s; want %d, %q", c.name, w.Code, w.Body, c.status, c.says)
		}
	}
}

func blank() []byte {
	var b bytes.Buffer
	png.Encode(&b, image.NewGray(image.Rect(0, 0, 50, 50))) //nolint:errcheck // into memory
	return b.Bytes()
}

// Many who ask at once get the answers to their own pictures.
func TestConcurrency(t *testing.T) {
	h := handler(t)
	pictures := [][]byte{stroke(40, 80), stroke(200, 50), stroke(64, 64)}
	var want []string
	for _, p := range pictures {
		want = append(want, ask(h, "POST", "/predict", "image/png", p, nil).Body.String())
	}
	var group sync.WaitGroup
	for i := range 30 {
		group.Go(func() {
			if got := ask(h, "POST", "/predict", "image/png", pictures[i%3], nil).Body.String(); got != want[i%3] {
				t.Errorf("picture %d: another answer than alone", i%3)
			}
		})
	}
	group.Wait()
}
