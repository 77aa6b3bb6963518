package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"net/http"
	"strings"

	"glyph/internal/local"
	"glyph/recognise"
	"glyph/recognise/ink"
)

// Limits on a request: an unscaled photograph from a phone fits.
const (
	MaxBody   = 16 << 20
	MaxPixels = 16_000_000
)

// Page is the content of the page besides the drawing.
type Page struct {
	Model   string  // the network in a line
	Source  string  // where the examples come from
	Classes []Class // by label
}

// Class is a class with examples of it. Symbol is the character that it is, or
// empty.
type Class struct {
	Symbol, Name string
	Examples     []Picture
}

// Picture is pixels, row-major, 0 black to 255 white.
type Picture struct {
	Pixels []uint8
	H, W   int
	C      int // 3 for red, green and blue; 0 and 1 are grey
}

// Options configure a Handler; the zero value is ready to use.
type Options struct {
	Names []string    // hosts that requests may be addressed to, besides localhost and addresses
	Log   *log.Logger // of requests that failed, a line each; nil keeps none

	// Inside says that the handler is part of another page, whose own handler
	// guards and logs: see package local.
	Inside bool
}

// Handler serves a recogniser, which must not be used elsewhere meanwhile. It fails
// if a picture of the page can't be drawn.
func Handler(r *recognise.Recogniser, page Page, opt Options) (http.Handler, error) {
	index, err := render(page)
	if err != nil {
		return nil, err
	}
	s := &server{recogniser: r, gate: newGate(atOnce, waiting), turn: make(chan struct{}, 1)}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", local.File("text/html; charset=utf-8", index))
	mux.Handle("GET /style.css", local.File("text/css; charset=utf-8", asset("style.css")))
	for _, script := range []string{"draw.js", "show.js"} {
		mux.Handle("GET /"+script, local.File("text/javascript; charset=utf-8", asset(script)))
	}
	mux.Handle("GET /favicon.ico", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	mux.HandleFunc("POST /predict", s.predict(false))
	mux.HandleFunc("POST /explain", s.predict(true))
	if opt.Inside {
		return mux, nil
	}
	guarded, err := local.Guard(mux, opt.Names)
	if err != nil {
		return nil, err
	}
	return local.Logged(guarded, opt.Log), nil
}

// server holds the bodies of a few requests at a time, and processes one: a network
// has one set of activations, and a decoded picture is large.
type server struct {
	recogniser *recognise.Recogniser
	gate       *gate
	turn       chan struct{}
}

// predict answers with the characters in a picture, and where it is asked to explain
// with the reasons for one of them.
func (s *server) predict(explain bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked, err := questionOf(r, len(s.recogniser.Classes()))
		if err != nil {
			refuse(w, r, http.StatusBadRequest, err)
			return
		}
		if err := s.gate.enter(r.Context()); err != nil {
			w.Header().Set("Retry-After", retryAfter)
			refuse(w, r, http.StatusServiceUnavailable, err)
			return
		}
		defer s.gate.leave()
		picture, status, err := body(w, r)
		if err != nil {
			refuse(w, r, status, err)
			return
		}
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-r.Context().Done():
			return
		}
		glyphs, largest, err := s.recogniser.Read(bytes.NewReader(picture))
		if err != nil {
			status := http.StatusUnprocessableEntity
			if errors.Is(err, ink.ErrFormat) {
				status = http.StatusUnsupportedMediaType
			}
			local.Fail(w, status, fmt.Errorf("the picture %w", err))
			return
		}
		a, err := s.answer(glyphs, asked.nearest(glyphs, largest), asked.label, explain)
		if err != nil {
			local.Fail(w, http.StatusInternalServerError, err)
			return
		}
		local.Reply(w, http.StatusOK, a)
	}
}

// answer names all characters, and tells more about one of them.
func (s *server) answer(glyphs []ink.Glyph, at, label int, explain bool) (a answer, err error) {
	p, err := s.recogniser.Name(glyphs, at)
	if err != nil {
		return a, err
	}
	a = answerFor(p)
	if explain {
		e, err := s.recogniser.Explain(p.Glyph, label, shownLayers)
		if err != nil {
			return a, err
		}
		a.Why = explained(e, p.Glyph)
	}
	return a, nil
}

// body reads the picture of a request.
func body(w http.ResponseWriter, r *http.Request) (picture []byte, status int, err error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/json" && !strings.HasPrefix(kind, "image/") {
		return nil, http.StatusUnsupportedMediaType,
			errors.New(`the Content-Type must be image/png, image/jpeg, image/gif, or application/json for {"image": "base64"}`)
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("the body has more than %d bytes", MaxBody)
	}
	if err != nil {
		return nil, http.StatusBadRequest, errors.New("the body ends too early")
	}
	if kind != "application/json" {
		return raw, 0, nil
	}
	var request struct {
		Image string `json:"image"`
	}
	if err := json.Unmarshal(raw, &request); err != nil || request.Image == "" {
		return nil, http.StatusBadRequest, errors.New(`the body is not JSON of the form {"image": "base64"}`)
	}
	text := request.Image
	if strings.HasPrefix(text, "data:") {
		_, text, _ = strings.Cut(text, ",")
	}
	picture, err = base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, http.StatusBadRequest, errors.New("the image is not valid base64")
	}
	return picture, 0, nil
}
