package board

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"glyph/internal/local"
)

// How often a connection on which nothing happens is written to, so that one that is
// gone is noticed, and how long a write may take.
const (
	pulse        = 15 * time.Second
	writeTimeout = 30 * time.Second
)

// serveEvents sends the changes after ?version=, each as a State.
func (b *Board) serveEvents(server context.Context, w http.ResponseWriter, r *http.Request) {
	version, err := strconv.Atoi(r.URL.Query().Get("version"))
	if err != nil {
		local.Fail(w, http.StatusBadRequest, errors.New("?version= must be the version that is known"))
		return
	}
	if !b.listen() {
		w.Header().Set("Retry-After", "5")
		local.Fail(w, http.StatusServiceUnavailable, fmt.Errorf("%d pages are open; close some", maxListeners))
		return
	}
	defer b.unlisten()
	answer := http.NewResponseController(w)
	answer.SetReadDeadline(time.Time{}) //nolint:errcheck // a connection that can't is closed by its timeout
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would wait for more
	beat := time.NewTicker(pulse)
	defer beat.Stop()
	for {
		state, changed := b.since(version)
		text := []byte(": still here\n\n")
		if state.Version != version {
			line, err := json.Marshal(state)
			if err != nil {
				return
			}
			version, text = state.Version, fmt.Appendf(nil, "data: %s\n\n", line)
		}
		answer.SetWriteDeadline(time.Now().Add(writeTimeout)) //nolint:errcheck // as above
		if _, err := w.Write(text); err != nil || answer.Flush() != nil {
			return
		}
		select {
		case <-changed:
			// What comes at once goes together.
			select {
			case <-time.After(100 * time.Millisecond):
			case <-r.Context().Done():
			}
		case <-beat.C:
		case <-r.Context().Done():
			return
		case <-server.Done():
			return
		}
	}
}

func (b *Board) listen() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners >= maxListeners {
		return false
	}
	b.listeners++
	return true
}

func (b *Board) unlisten() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listeners--
}
