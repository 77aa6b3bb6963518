package page

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"glyph/internal/local"
	"glyph/recognise"
)

// A client that sends all of a large picture before it listens is told why it
// was refused, and does not find a connection that was reset.
func TestRefusalsReachWhoStillSends(t *testing.T) {
	full := httptest.NewServer(local.Logged(http.HandlerFunc((&server{gate: newGate(0, 0), recogniser: &recognise.Recogniser{}}).predict(false)), nil))
	defer full.Close()
	idle := httptest.NewServer(handler(t))
	defer idle.Close()
	for _, c := range []struct {
		name   string
		to     *httptest.Server
		kind   string
		length int
		status int
	}{
		{"a busy server", full, "image/png", MaxBody, http.StatusServiceUnavailable},
		{"a picture that is too large", idle, "image/png", 2 * MaxBody, http.StatusRequestEntityTooLarge},
		{"what is no picture", idle, "text/plain", MaxBody, http.StatusUnsupportedMediaType},
	} {
		conn, err := net.Dial("tcp", c.to.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		head := fmt.Sprintf("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", c.kind, c.length)
		if _, err := conn.Write(append([]byte(head), make([]byte, c.length)...)); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		answer.Body.Close() //nolint:errcheck // only read
		if answer.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", c.name, answer.StatusCode, c.status)
		}
	}
}
