//go:build cgo

package gpu

import (
	"testing"

	"glyph"
	"glyph/backendtest"
)

func TestConformance(t *testing.T) {
	backendtest.Run(t, func(t testing.TB) glyph.Backend { return open(t) })
}
