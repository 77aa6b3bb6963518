package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"glyph/device"
	"glyph/kmnist"
	"glyph/settings"
	"glyph/study"
	"glyph/train"
)

// openStudyData opens --data for a study.
func openStudyData(ctx context.Context, name string) (study.Data, error) {
	d, err := openData(ctx, name, "")
	if err != nil {
		return study.Data{}, err
	}
	return study.Data{
		Source: d.Source, Train: d.Train.Len(), Test: d.Test.Len(),
		Hash: study.HashData(settings.TrainSet(d.Train), settings.TrainSet(d.Test)),
		Open: func(images int, split study.Split) (train.Data, error) {
			part, err := d.Train.Limit(images)
			if err != nil {
				return train.Data{}, err
			}
			test := d.Test
			if split != study.Whole {
				if part, test, err = part.Validation(study.ValidationShare, uint64(split)+1); err != nil {
					return train.Data{}, err
				}
			}
			data := train.Data{Train: settings.TrainSet(part), Test: settings.TrainSet(test), Classes: len(d.Classes)}
			data.Mean, data.Scale = kmnist.Normalise(part, false)
			return data, nil
		},
	}, nil
}

// session says what runs the study.
func session(t *device.Trials, shard study.Shard) study.Session {
	s := study.Session{
		ID: fmt.Sprintf("%x", time.Now().UnixNano()), Version: "unknown", Go: runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Backend:  t.Name, Device: t.Hardware, Parallel: t.Parallel, Shard: shard.String(),
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
