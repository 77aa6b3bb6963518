package page

import (
	"context"
	"errors"
	"time"
)

// How many requests are worked on and wait. What those hold of bodies is at most
// atOnce·MaxBody, twice that for a moment as base64; a picture is decoded for one
// at a time. Those that wait hold their connection alone.
const (
	atOnce     = 4
	waiting    = 60
	patience   = 10 * time.Second
	retryAfter = "5" // seconds, as a header has it
)

// errBusy is answered to those that there is no room for.
var errBusy = errors.New("the server is busy; try again in a few seconds")

// gate lets in so many at a time, and so many wait before it.
type gate struct {
	places, queue chan struct{}
	patience      time.Duration
}

func newGate(places, waiting int) *gate {
	return &gate{make(chan struct{}, places), make(chan struct{}, places+waiting), patience}
}

// enter waits for a place, which leave gives back. It fails with errBusy at once
// where too many wait already, and where none is free for long; and when who
// asked is gone.
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
