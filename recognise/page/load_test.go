package page

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// slowBody is a picture of MaxBody bytes, padded after its end, that counts how
// many of its kind are being read, and ends when told to.
type slowBody struct {
	io.Reader
	read  sync.Once
	begun func()
	end   <-chan struct{}
}

func (b *slowBody) Read(p []byte) (int, error) {
	b.read.Do(b.begun)
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		<-b.end
	}
	return n, err
}

// TestLoad sends far more large pictures than there is room for: only a few are
// held at a time, some wait, and the rest are told to come back.
func TestLoad(t *testing.T) {
	h := handler(t)
	picture := append(stroke(60, 60), make([]byte, 4<<20)...)
	const clients = 200
	var reading, most, right, busy atomic.Int64
	end := make(chan struct{})
	refused := make(chan struct{}, clients)
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			body := &slowBody{Reader: bytes.NewReader(picture), end: end, begun: func() {
				n := reading.Add(1)
				for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
				}
			}}
			r := httptest.NewRequest("POST", "/predict", body)
			r.Host = "localhost"
			r.Header.Set("Content-Type", "image/png")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			switch w.Code {
			case http.StatusOK:
				reading.Add(-1)
				right.Add(1)
			case http.StatusServiceUnavailable:
				if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "busy") {
					t.Errorf("%v %s", w.Header(), w.Body)
				}
				busy.Add(1)
				refused <- struct{}{}
			default:
				t.Errorf("status %d: %s", w.Code, w.Body)
			}
		})
	}
	for range clients - atOnce - waiting { // the others are in before the first ends
		<-refused
	}
	close(end)
	group.Wait()
	// A body counts until its answer is there, a moment longer than its place is taken.
	if n := most.Load(); n > 2*atOnce {
		t.Errorf("%d bodies were held at a time, and %d may be", n, atOnce)
	}
	if right.Load()+busy.Load() != clients || right.Load() < atOnce {
		t.Errorf("%d answered and %d refused of %d", right.Load(), busy.Load(), clients)
	}
}

func TestGate(t *testing.T) {
	g := newGate(1, 1)
	g.patience = time.Millisecond
	if err := g.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.enter(t.Context()); err != errBusy { // waits for a millisecond
		t.Errorf("a place is taken: %v", err)
	}
	g.leave()
	if err := g.enter(t.Context()); err != nil {
		t.Errorf("the place is free again: %v", err)
	}
	if len(g.places) != 1 || len(g.queue) != 1 {
		t.Errorf("%d places and %d in the queue", len(g.places), len(g.queue))
	}
}

// What a handler can't answer is in the log of a Handler too, with its reason.
func TestFailuresAreLogged(t *testing.T) {
	var text bytes.Buffer
	h := handlerWith(t, Options{Log: log.New(&text, "", 0)})
	if w := ask(h, "POST", "/predict", "image/png", []byte("nothing"), nil); w.Code != 415 {
		t.Errorf("status %d", w.Code)
	}
	ask(h, "GET", "/", "", nil, func(r *http.Request) { r.Host = "evil\x1b.example" })
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "415, ") || !strings.Contains(lines[1], "421, ") || strings.Contains(text.String(), "\x1b") {
		t.Errorf("%q", lines)
	}
}
