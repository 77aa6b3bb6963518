// Package version says which build of the program this is.
package version

import (
	"runtime/debug"
	"strings"
)

// Text is the revision that the program was built from, as far as the toolchain knows
// it: "859ebe8a1b2c with changes", or "v1.2.0, built without its revision".
func Text() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return of(info)
}

func of(info *debug.BuildInfo) string {
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
