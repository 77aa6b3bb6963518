//go:build cgo

package gpu

import (
	"testing"

	"glyph"
	"glyph/backendtest/suite"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	suite.Run(t, func(t testing.TB) glyph.Backend { return open(t) })
}
