//go:build cgo

package gpu

import (
	"testing"

	"glyph"
	"glyph/backendtest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	backendtest.Run(t, func(t testing.TB) glyph.Backend { return open(t) })
}
