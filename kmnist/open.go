package kmnist

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"glyph/internal/message"
)

// Time limits of Auto: without a network, training starts within five seconds.
const (
	quickConnect = 4 * time.Second
	quickStall   = 10 * time.Second
)

// Options control how Open gets data. The zero value has the defaults.
type Options struct {
	Classes  string // a file of class names, see ReadClasses; "" means the data's own
	Pictures PictureOptions
	Download *Downloader // fetches KMNIST into the cache; nil means NewDownloader()

	connect     time.Duration // for tests; 0 means quickConnect
	train, test int           // counts of synthetic images, for tests; 0 means as many as KMNIST has
}

// Open returns the data that name stands for:
//
//	kmnist     KMNIST from the cache, downloaded if need be
//	synthetic  drawn characters, see Synthetic
//	auto       kmnist if available, otherwise synthetic; then Source says why
//	other      the data set in the directory of that name, see Load
//
// Open fails as Load and Downloader.Fetch do, if ReadClasses refuses the file of class
// names, if there are too few names, and with ctx's error soon after ctx is done.
func Open(ctx context.Context, name string, o Options) (Data, error) {
	var d Data
	var err error
	switch name {
	case Auto:
		d, err = o.auto(ctx)
	case Official:
		if d, err = cached(ctx, o.downloader()); err != nil && ctx.Err() == nil {
			return Data{}, fmt.Errorf("KMNIST %w; try again, choose synthetic, or put the files of %s into a directory and name that", err, Site)
		}
	case Drawn:
		d, err = o.draw(ctx, drawnSource)
	default:
		d, err := load(ctx, name, o)
		if _, missing := os.Stat(name); err != nil && errors.Is(missing, fs.ErrNotExist) {
			if near := message.Closest(name, []string{Auto, Official, Drawn}); near != "" {
				err = fail(message.Quote(name), fmt.Errorf("there is no such directory; did you mean %s?", near))
			}
		}
		return d, err
	}
	if err == nil && o.Classes != "" {
		err = d.name(o.Classes, nil)
	}
	return d, err
}

func (o Options) downloader() *Downloader {
	if o.Download == nil {
		return NewDownloader()
	}
	return o.Download
}

// auto returns KMNIST or, if that is not available within seconds, drawn characters.
func (o Options) auto(ctx context.Context) (Data, error) {
	quick := *o.downloader()
	connect := cmp.Or(o.connect, quickConnect)
	if quick.Connect > 0 {
		connect = min(connect, quick.Connect)
	}
	quick.quick, quick.Connect, quick.Stall = true, connect, quickStall
	d, err := cached(ctx, &quick)
	if err == nil || ctx.Err() != nil {
		return d, err
	}
	return o.draw(ctx, fmt.Sprintf("%s (KMNIST %v)", drawnSource, err))
}

// draw returns the default set of drawn characters.
func (o Options) draw(ctx context.Context, source string) (Data, error) {
	d := Data{
		Train:   drawSet(ctx, DefaultSeed, 0, cmp.Or(o.train, DefaultTrain)),
		Test:    drawSet(ctx, DefaultSeed, 1, cmp.Or(o.test, DefaultTest)),
		Classes: Characters(), Name: Drawn, Source: source,
	}
	if ctx.Err() != nil {
		return Data{}, ctx.Err()
	}
	return d, nil
}

// cached reads KMNIST from the cache, after downloading what is missing. Its error
// continues a sentence that begins with "KMNIST".
func cached(ctx context.Context, download *Downloader) (Data, error) {
	dir, err := CacheDir()
	if err != nil {
		return Data{}, fmt.Errorf("can't be cached (%w)", err)
	}
	if state := verifyCache(dir, download.published()); state != nil {
		if err := download.Fetch(ctx, dir); err != nil {
			reason := err
			if failed := new(downloadError); errors.As(err, &failed) {
				reason = failed.err
			}
			return Data{}, fmt.Errorf("%w and could not be downloaded: %w", state, reason)
		}
	}
	d, err := load(ctx, dir, Options{})
	if err != nil {
		return Data{}, fmt.Errorf("can't be read from the cache: %w", err)
	}
	d.Name, d.Source, d.Classes = Official, officialSource, Characters()
	return d, nil
}

// officialSource is the Source of KMNIST from the cache.
const officialSource = "KMNIST"

// NameOf is the name to Open data by whose Source is all that was kept of it.
func NameOf(source string) string {
	switch {
	case source == officialSource:
		return Official
	case source == drawnSource, strings.HasPrefix(source, drawnSource+" ("): // and why
		return Drawn
	}
	return source
}

// Names returns the classes of the data that Open would return for a name, without
// reading the training images, or nil if there is no such data.
func Names(name string) []Class {
	switch name {
	case Auto, Official, Drawn:
		return Characters()
	}
	l, err := locate(name)
	if errors.As(err, new(missing)) {
		if t, err := findGallery(name); err == nil && t != nil {
			return t.classes
		}
	}
	if err != nil || !l.complete() {
		return nil
	}
	_, labels, err := readFile(l.paths[trainingLabels][0], magicLabels, nil)
	if err != nil {
		return nil
	}
	test, err := loadSet(context.Background(), l.paths[testingImages], l.paths[testingLabels])
	if err != nil {
		return nil
	}
	d := Data{Train: Set{Labels: labels}, Test: test}
	if l.emnist() {
		d.uprightEMNIST()
	}
	file, err := l.namesBeside(name)
	if err != nil || d.name(file, l) != nil {
		return nil
	}
	return d.Classes
}
