package kmnist

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// CacheDir is where downloads are kept: the directory of GLYPH_CACHE, or
// glyph in the user's cache directory; and in it kmnist.
func CacheDir() (string, error) {
	base := os.Getenv("GLYPH_CACHE")
	if base == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no directory for downloads: %w; set GLYPH_CACHE to one", err)
		}
		base = filepath.Join(cache, "glyph")
	}
	return filepath.Join(base, "kmnist"), nil
}

// Names that Open takes beside directories.
const (
	Auto     = "auto"
	Official = "kmnist"
	Drawn    = "synthetic"
)

// offlineWait is how long Auto tries to reach the site before it draws its own.
const offlineWait = 4 * time.Second

// Open is the data that name stands for:
//
//	kmnist     KMNIST from the cache, downloaded if need be
//	synthetic  drawn characters, see Synthetic
//	auto       kmnist if it can be had, else synthetic, and Source says why
//	other      the directory of that name, see Load
//
// download fetches KMNIST into the cache; nil is NewDownloader.
func Open(ctx context.Context, name string, download *Downloader) (Data, error) {
	if download == nil {
		download = NewDownloader()
	}
	switch name {
	case Auto:
		hasty := *download
		hasty.Attempts, hasty.Connect = 1, offlineWait
		d, err := cached(ctx, &hasty)
		if err == nil || ctx.Err() != nil {
			return d, err
		}
		d = Synthetic(DefaultSeed, DefaultTrain, DefaultTest)
		d.Source = fmt.Sprintf("synthetic glyphs, since KMNIST is not cached and could not be downloaded (%v)", err)
		return d, nil
	case Official:
		return cached(ctx, download)
	case Drawn:
		return Synthetic(DefaultSeed, DefaultTrain, DefaultTest), nil
	}
	return Load(name)
}

// cached reads KMNIST from the cache, filled if need be.
func cached(ctx context.Context, download *Downloader) (Data, error) {
	dir, err := CacheDir()
	if err != nil {
		return Data{}, err
	}
	if verifyCache(dir) != nil {
		if err := download.Fetch(ctx, dir); err != nil {
			return Data{}, err
		}
	}
	d, err := Load(dir)
	if err != nil {
		return Data{}, err
	}
	d.Name, d.Source = Official, "KMNIST"
	return d, nil
}
