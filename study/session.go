package study

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// NewSession is a session of this program, which begins now, on a backend and a
// device by their names.
func NewSession(backend, device string, parallel int, shard Shard) Session {
	s := Session{
		ID: fmt.Sprintf("%x", time.Now().UnixNano()), Version: "unknown", Go: runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Backend:  backend, Device: device, Parallel: parallel, Shard: shard.String(),
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		s.Version = version(info)
	}
	return s
}

// version is the revision that the program was built from, as far as the
// toolchain knows it.
func version(info *debug.BuildInfo) string {
	revision, modified := "", ""
	for _, v := range info.Settings {
		switch {
		case v.Key == "vcs.revision":
			revision = v.Value[:min(12, len(v.Value))]
		case v.Key == "vcs.modified" && v.Value == "true":
			modified = " with changes"
		}
	}
	if revision == "" {
		return strings.Trim(info.Main.Version, "()") + ", built without its revision"
	}
	return revision + modified
}
