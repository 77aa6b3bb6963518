package study

import (
	"fmt"
	"runtime"
	"time"

	"glyph/internal/version"
)

// NewSession is a session of this program, which begins now, on a backend and a
// device by their names.
func NewSession(backend, device string, parallel int, shard Shard) Session {
	return Session{
		ID: fmt.Sprintf("%x", time.Now().UnixNano()), Version: version.Text(), Go: runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Backend:  backend, Device: device, Parallel: parallel, Shard: shard.String(),
	}
}
