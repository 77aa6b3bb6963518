package local

import (
	"encoding/json"
	"net/http"
)

// File is a handler that always answers with the same bytes.
func File(kind string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write(body) //nolint:errcheck // the client is gone
	})
}

// Reply answers with v as JSON.
func Reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client is gone
}

// Fail answers with an error, as {"error": "..."}, and records it for the log.
func Fail(w http.ResponseWriter, status int, err error) {
	if l, ok := w.(*recorder); ok {
		l.err = err
	}
	Reply(w, status, map[string]string{"error": err.Error()})
}
