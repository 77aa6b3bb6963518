package page

import (
	"io"
	"net/http"
	"time"

	"glyph/internal/local"
)

// How much of a body that is not wanted is read all the same, and for how long.
const (
	maxUnwanted     = 4 * MaxBody
	unwantedTimeout = 10 * time.Second
)

// refuse answers with a mistake before the body is read, and then reads the body
// and drops it. A connection that is closed on unread bytes is reset: a client
// that sends all of its picture before it listens would never see the answer.
func refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	answer := http.NewResponseController(w)
	duplex := answer.EnableFullDuplex() == nil // else the answer would wait for the body
	local.Fail(w, status, err)
	if !duplex || r.Header.Get("Expect") != "" || answer.Flush() != nil { // a client that asked first sends nothing
		return
	}
	if answer.SetReadDeadline(time.Now().Add(unwantedTimeout)) == nil {
		io.CopyN(io.Discard, r.Body, maxUnwanted) //nolint:errcheck // all that can be done is done
	}
}
