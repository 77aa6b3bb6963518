package page

import (
	"context"
	"errors"
	"time"
)

// How many requests are processed and how many wait. The bodies of the former take at
// most atOnce·MaxBody, briefly twice that as base64; one picture is decoded at a time.
// A waiting request holds only its connection.
const (
	atOnce     = 4
	waiting    = 60
	patience   = 10 * time.Second
	retryAfter = "5" // seconds, as a header has it
)

// errBusy is the answer to requests that there is no room for.
var errBusy = errors.New("the server is busy; try again in a few seconds")

// gate admits a limited number of requests at a time, and lets a limited number wait.
type gate struct {
	places, queue chan struct{}
	patience      time.Duration
}

func newGate(places, waiting int) *gate {
	return &gate{make(chan struct{}, places), make(chan struct{}, places+waiting), patience}
}

// enter waits for a place, which leave releases. It fails with errBusy at once if too
// many wait already, or if none becomes free for long; and it fails if the client is
// gone.
func (g *gate) enter(ctx context.Context) error {
	select {
	case g.queue <- struct{}{}:
	default:
		return errBusy
	}
	late := time.NewTimer(g.patience)
	defer late.Stop()
	select {
	case g.places <- struct{}{}:
		return nil
	case <-late.C:
		<-g.queue
		return errBusy
	case <-ctx.Done():
		<-g.queue
		return ctx.Err()
	}
}

func (g *gate) leave() {
	<-g.places
	<-g.queue
}
