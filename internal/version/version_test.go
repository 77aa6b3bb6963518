package version

import (
	"runtime/debug"
	"testing"
)

// The version is the revision, as far as the build knows it.
func TestVersion(t *testing.T) {
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef"}
	for want, info := range map[string]*debug.BuildInfo{
		"0123456789ab":                       {Settings: []debug.BuildSetting{revision}},
		"0123456789ab with changes":          {Settings: []debug.BuildSetting{revision, {Key: "vcs.modified", Value: "true"}}},
		"devel, built without its revision":  {Main: debug.Module{Version: "(devel)"}},
		"v1.2.3, built without its revision": {Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{{Key: "vcs.modified", Value: "false"}}},
	} {
		if got := of(info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if Text() == "" {
		t.Error("no version")
	}
}
