//go:build cgo

package gpu

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"glyph/shaders"
)

// tileFile is the file of a device's measured tiles, beside the program binaries. It holds
// for one driver and one version of the shaders.
type tileFile struct {
	path   string // "" for none
	device string
	driver string
	tiles  map[string]string // the tile of each product that was read
	note   string            // why the file is not used
}

// TileFile is the file of the device's measured tiles, "" for none, and how many products
// it has for this driver and these shaders.
func TileFile(d Device) (path string, products int) {
	f := openTileFile(cacheFolder(""), d)
	return f.path, len(f.tiles)
}

// tileContents is the file, as JSON.
type tileContents struct {
	Format  int               `json:"glyph_tiles"`
	Device  string            `json:"device"`
	Driver  string            `json:"driver"`
	Shaders string            `json:"shaders"` // hash of the sources
	Tiles   map[string]string `json:"tiles"`
	Sum     string            `json:"sum"` // hash of all above
}

const tileFormat = 1

func (c tileContents) sum() string {
	c.Sum = ""
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and a number
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// openTileFile reads the file in a folder, or notes why it can't.
func openTileFile(folder string, d Device) tileFile {
	f := tileFile{device: d.Vendor + ", " + d.Renderer, driver: d.Version}
	if folder == "" {
		return f
	}
	name := sha256.Sum256([]byte(f.device))
	f.path = filepath.Join(folder, "tiles-"+hex.EncodeToString(name[:8])+".json")
	var err error
	if f.tiles, err = f.read(); err != nil && !errors.Is(err, os.ErrNotExist) {
		f.note = fmt.Sprintf("the measured tiles in %q are not used: %v", f.path, err)
	}
	return f
}

// read is the tiles in the file, if they are of this device, its driver and these shaders.
func (f *tileFile) read() (map[string]string, error) {
	text, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	var c tileContents
	switch err := json.Unmarshal(text, &c); {
	case err != nil || c.Format < 1:
		return nil, errors.New("the file is damaged")
	case c.Format != tileFormat:
		return nil, fmt.Errorf("the file has format %d, not %d", c.Format, tileFormat)
	case c.Tiles == nil || c.Sum != c.sum():
		return nil, errors.New("the file is damaged")
	case c.Device != f.device:
		return nil, errors.New("they were measured on another device")
	case c.Driver != f.driver:
		return nil, errors.New("they were measured with another driver")
	case c.Shaders != shaders.Hash():
		return nil, errors.New("they were measured with another version of Glyph")
	}
	return c.Tiles, nil
}

// tile is the tile that the file has for a product, if it is one of the candidates.
func (f *tileFile) tile(key productKey, candidates []*tile) *tile {
	if len(f.tiles) > 0 {
		name := f.tiles[key.name()]
		for _, t := range candidates {
			if t.String() == name {
				return t
			}
		}
	}
	return nil
}

// save adds what was measured to the file. Another process may have written to it since:
// what it has of the same kind stays. Failing to save is not an error.
func (f *tileFile) save(chosen map[productKey]choice) {
	if f.path == "" {
		return
	}
	c := tileContents{Format: tileFormat, Device: f.device, Driver: f.driver, Shaders: shaders.Hash(), Tiles: map[string]string{}}
	if there, err := f.read(); err == nil {
		c.Tiles = there
	}
	for key, choice := range chosen {
		if choice.how == measured {
			c.Tiles[key.name()] = choice.tile.String()
		}
	}
	c.Sum = c.sum()
	if text, err := json.MarshalIndent(c, "", " "); err == nil {
		writeAside(f.path, append(text, '\n'))
	}
}

// tuneMode is off, on or fixed: what the options say, else GLYPH_GPU_TUNE, else on for
// hardware.
func tuneMode(o Options, software bool) (string, error) {
	mode, err := setting("Options.Tune", o.Tune, "GLYPH_GPU_TUNE", "off", "on", "fixed")
	if mode == "" && err == nil {
		if mode = "on"; software {
			mode = "off"
		}
	}
	return mode, err
}

// fuseMode reports whether records are compiled: unless the options or GLYPH_GPU_FUSE say off.
func fuseMode(o Options) (bool, error) {
	mode, err := setting("Options.Fuse", o.Fuse, "GLYPH_GPU_FUSE", "off", "on")
	return mode != "off", err
}

// setting is an option, else what the environment says, else "".
func setting(option, value, variable string, values ...string) (string, error) {
	from := option
	if value == "" {
		value, from = os.Getenv(variable), variable
	}
	if value != "" && !slices.Contains(values, value) {
		last := len(values) - 1
		return "", fmt.Errorf("%s is %q; it can be %s or %s", from, value, strings.Join(values[:last], ", "), values[last])
	}
	return value, nil
}
