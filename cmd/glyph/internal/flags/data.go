package flags

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"glyph/kmnist"
	"glyph/settings"
)

// Data is the flags that say what to train on. Set gets the values of those that
// are settings.
type Data struct {
	Set     *settings.Training
	Name    string // as kmnist.Open takes it
	Classes string // a file of names
	Size    string // of the images that pictures become; see Pictures

	fs   *pflag.FlagSet
	hash string
}

// Add adds the flags, but for those of settings.
func (f *Data) Add(fs *pflag.FlagSet) {
	f.fs = fs
	fs.StringVar(&f.Name, "data", "auto", "auto (KMNIST, else synthetic), kmnist, synthetic, or a `directory` with four files in MNIST's format or a sub-folder of pictures for each class, see docs/data.md")
	fs.StringVar(&f.Size, "size", "", SizeHelp)
	fs.StringVar(&f.hash, "data-hash", "", "fail unless the data has this SHA-256")
	fs.MarkHidden("data-hash") //nolint:errcheck // it is there, for the config of a run
	fs.StringVar(&f.Classes, "classes", "", "`file` with the name of a class on each line (default: the data's own names, see docs/data.md)")
}

// Check reports what is wrong with the flags before anything is read.
func (f *Data) Check() error {
	switch {
	case f.Name == "":
		return errors.New("--data is empty: want auto, kmnist, synthetic or a directory")
	case f.fs.Changed("classes") && f.Classes == "":
		return errors.New("--classes is empty: want a file with the name of a class on each line")
	case f.fs.Changed("limit") && f.Set.Images < 1:
		return fmt.Errorf("--limit must be at least 1 image, not %d", f.Set.Images)
	}
	if _, err := Pictures(f.Size); err != nil {
		return err
	}
	return Named(f.Set.ValidateData())
}

// SizeHelp describes --size.
const SizeHelp = "the `size` of the images that a folder of pictures becomes: 28, 32x24 (height and width), or 32x32x3 in colour (default: the pictures' own, if all have the same up to 64x64, else 28x28)"

// Pictures is how a folder of pictures is framed with a --size, which may be "".
func Pictures(size string) (p kmnist.PictureOptions, err error) {
	if size == "" {
		return p, nil
	}
	if p.Size, err = kmnist.ParseSize(size); err != nil {
		return p, fmt.Errorf("--size: %w", err)
	}
	return p, nil
}

// Hash is the SHA-256 that the data must have, which a run's config sets, or "" for
// any. Data named on the command line in place of the config's is a deliberate
// choice and is accepted.
func (f *Data) Hash() string {
	if flag := f.fs.Lookup("data"); fromConfig(f.fs.Lookup("data-hash")) && flag.Changed && !fromConfig(flag) {
		return ""
	}
	return f.hash
}
