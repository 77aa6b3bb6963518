package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"glyph/recognise"
)

// TestServe serves a run in a process of its own, asks it, and ends it as Ctrl-C
// does.
func TestServe(t *testing.T) {
	_, dir := trainedRun(t)
	cmd, pipe, errOut := started(t, "serve", dir, "--listen", "127.0.0.1:0")
	line, err := bufio.NewReader(pipe).ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSpace(line), "open     ")
	if err != nil || !found {
		t.Fatalf("%q, %v: %s", line, err, errOut.String())
	}
	m := image.NewGray(image.Rect(0, 0, 60, 60))
	for i := range 30 {
		m.SetGray(20+i/4, 10+i, color.Gray{255})
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, m); err != nil {
		t.Fatal(err)
	}
	reply, err := http.Post(url+"/predict", "image/png", &picture)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var p recognise.Prediction
	if err := json.NewDecoder(reply.Body).Decode(&p); err != nil || reply.StatusCode != 200 || len(p.Probabilities) != 10 || p.Size != [2]int{60, 60} {
		t.Errorf("status %d, %+v, %v", reply.StatusCode, p, err)
	}
	cmd.Process.Signal(syscall.SIGINT)
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v: %s", err, errOut.String())
	}
}
