package local

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"runtime/debug"
	"strings"

	"glyph/internal/message"
)

// recorder notes how a request was answered.
type recorder struct {
	http.ResponseWriter
	status int
	err    error
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController and http.MaxBytesReader reach what is
// beneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// errPanic is the answer after a panic; the log has more.
var errPanic = errors.New("this is a bug in glyph; its log says where")

// Logged logs requests that fail, and answers those whose handler panics: no
// request ends without an answer and a line. Whatever came from outside is
// quoted.
func Logged(h http.Handler, l *log.Logger) http.Handler {
	if l == nil {
		l = log.New(io.Discard, "", 0)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
				panic(p)
			}
			if p != nil {
				if rec.status == 0 {
					Fail(rec, http.StatusInternalServerError, errPanic)
				}
				rec.status, rec.err = http.StatusInternalServerError, fmt.Errorf("panic: %s", message.Quote(fmt.Sprint(p)))
			}
			if rec.status >= 400 {
				line := fmt.Sprintf("%s %s from %s: %d", message.Quote(r.Method), message.Quote(r.URL.EscapedPath()), message.Quote(r.RemoteAddr), rec.status)
				if rec.err != nil {
					line += ", " + message.Quote(rec.err.Error())
				}
				if p != nil {
					line += "\n" + strings.TrimSpace(string(debug.Stack()))
				}
				l.Print(line)
			}
		}()
		h.ServeHTTP(rec, r)
	})
}

// quoting is where net/http logs what is wrong with a connection.
type quoting struct{ l *log.Logger }

func (q quoting) Write(b []byte) (int, error) {
	q.l.Print(message.Quote(strings.TrimSpace(string(b))))
	return len(b), nil
}
