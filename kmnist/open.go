package kmnist

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// How long Auto waits for the site before it draws its own: offline, a training
// starts within five seconds.
const (
	hastyConnect = 4 * time.Second
	hastyStall   = 10 * time.Second
)

// Open is the data that name stands for:
//
//	kmnist     KMNIST from the cache, downloaded if need be
//	synthetic  drawn characters, see Synthetic
//	auto       kmnist if it can be had, else synthetic, and Source says why
//	other      the directory of that name, see Load
//
// download fetches KMNIST into the cache; nil is NewDownloader. Open fails as
// Load and Downloader.Fetch do, and with ctx's error soon after ctx is done.
func Open(ctx context.Context, name string, download *Downloader) (Data, error) {
	if download == nil {
		download = NewDownloader()
	}
	switch name {
	case Auto:
		hasty := *download
		hasty.hasty, hasty.Connect, hasty.Stall = true, hastyConnect, hastyStall
		if download.Connect > 0 {
			hasty.Connect = min(hastyConnect, download.Connect)
		}
		d, err := cached(ctx, &hasty)
		if err == nil || ctx.Err() != nil {
			return d, err
		}
		return synthetic(ctx, fmt.Sprintf("synthetic glyphs (KMNIST %v)", err))
	case Official:
		d, err := cached(ctx, download)
		if err != nil && ctx.Err() == nil {
			return Data{}, fmt.Errorf("kmnist: KMNIST %w; try again, choose synthetic, or put the files of %s into a directory and name that", err, Site)
		}
		return d, err
	case Drawn:
		return synthetic(ctx, drawnSource)
	}
	return load(ctx, name)
}

// cached reads KMNIST from the cache, filled if need be. Its error continues a
// sentence that begins with KMNIST.
func cached(ctx context.Context, download *Downloader) (Data, error) {
	dir, err := CacheDir()
	if err != nil {
		return Data{}, fmt.Errorf("can't be cached (%w)", err)
	}
	files := download.files
	if files == nil {
		files = official
	}
	if state := verifyCache(dir, files); state != nil {
		if err := download.Fetch(ctx, dir); err != nil {
			reason := err
			if failed := new(downloadError); errors.As(err, &failed) {
				reason = failed.err
			}
			return Data{}, fmt.Errorf("%w and could not be downloaded: %w", state, reason)
		}
	}
	d, err := load(ctx, dir)
	if err != nil {
		return Data{}, fmt.Errorf("can't be read from the cache: %w", err)
	}
	d.Name, d.Source = Official, "KMNIST"
	return d, nil
}

// Names is the names of the classes of the data that Open opens under that name.
func Names(name string) []Class {
	return Characters()
}
