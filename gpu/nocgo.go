//go:build !cgo

package gpu

import (
	"errors"
	"time"

	"glyph"
)

var errNoOpenGL = errors.New("this build has no OpenGL: it was built with CGO_ENABLED=0")

// Backend cannot be made in this build: Open says so.
type Backend struct{ glyph.Backend }

// Open returns the error that this build has no OpenGL.
func Open(Options) (*Backend, error) { return nil, errNoOpenGL }

// The methods that Backend has beyond glyph.Backend, so that callers build.

func (b *Backend) Device() Device               { return Device{} }
func (b *Backend) Software() bool               { return false }
func (b *Backend) Counts() glyph.Counts         { return glyph.Counts{} }
func (b *Backend) SetTiming(bool)               {}
func (b *Backend) Times() []glyph.KernelTime    { return nil }
func (b *Backend) Programs() ([]Program, error) { return nil, errNoOpenGL }
func (b *Backend) Peak() (glyph.Peak, error)    { return glyph.Peak{}, errNoOpenGL }

// StepCost is zero: there is no Backend.
func (b *Backend) StepCost(func()) (asked, compiled glyph.StepCost) { return asked, compiled }

// Tiles lists nothing.
func (b *Backend) Tiles() []glyph.TileChoice { return nil }

// TileNote is empty.
func (b *Backend) TileNote() string { return "" }

// TileFile is none.
func TileFile(Device) (path string, products int) { return "", 0 }

// Visit does nothing: there is no Backend.
func (b *Backend) Visit(func(*Moment) time.Duration) {}

// Record returns nil.
func (b *Backend) Record(func()) *Recording { return nil }

// Recording and Moment are what Record and Visit would give.
type (
	Recording struct{}
	Moment    struct{}
)

// CanShow returns the same error.
func CanShow() error { return errNoOpenGL }

// Devices returns the same error.
func Devices() ([]Device, error) { return nil, errNoOpenGL }
