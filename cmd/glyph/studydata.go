package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"glyph"
	"glyph/cpu"
	"glyph/gpu"
	"glyph/kmnist"
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
		Hash: study.HashData(set(d.Train), set(d.Test)),
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
			data := train.Data{Train: set(part), Test: set(test), Classes: len(d.Classes)}
			data.Mean, data.Scale = kmnist.Normalise(part, false)
			return data, nil
		},
	}, nil
}

// opener opens backends for trials.
type opener struct {
	open         func() (glyph.Backend, error)
	close        func() error // what is kept open between trials
	name, device string
	note         string // why this backend, or ""
	parallel     int    // trials at once
}

// opener opens the backend of the flags once, to know which it is. A GPU stays
// open for all trials. On the cpu
// each trial has one worker and there is a trial for each processor: small
// networks gain little from more.
func (f *backendFlags) opener(parallel int) (opener, error) {
	d, err := f.open()
	if err != nil {
		return opener{}, err
	}
	o := opener{name: d.Name(), device: d.name, note: d.note, parallel: max(1, parallel)}
	if d.kind == "gpu" {
		options := gpu.Options{Device: f.which, Hardware: f.kind == "auto"}
		contexts := &pool{idle: []glyph.Backend{d.Backend}, open: func() (glyph.Backend, error) {
			b, err := gpu.Open(options)
			if err != nil {
				return nil, fmt.Errorf("the gpu can't be opened again: %w", err)
			}
			return b, nil
		}}
		o.open, o.close = contexts.take, contexts.Close
		return o, nil
	}
	if err := d.Close(); err != nil {
		return opener{}, err
	}
	o.close = func() error { return nil }
	o.open = func() (glyph.Backend, error) {
		if f.kind == "gonum" {
			return cpu.NewGonum[float32](1), nil
		}
		return cpu.New[float32](1), nil
	}
	o.name = "cpu float32, " + d.kernels()
	if parallel == 0 {
		o.parallel = processors()
	}
	return o, nil
}

// session says what runs the study.
func (o opener) session(shard study.Shard) study.Session {
	s := study.Session{
		ID: fmt.Sprintf("%x", time.Now().UnixNano()), Version: "unknown", Go: runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Backend:  o.name, Device: o.device, Parallel: o.parallel, Shard: shard.String(),
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
