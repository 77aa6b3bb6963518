package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"glyph"
	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/kmnist"
)

// showFlags are the flags of glyph data show.
type showFlags struct {
	data, classes, out string
	columns, zoom      int
	augment            flags.Augmentation
}

func newShow() *cobra.Command {
	var f showFlags
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show what the data looks like",
		Long: `Print counts and a character of each class, or draw a table of them with --out: a
row for each class, in the order of their labels. With --augment, or any of
--shift, --rotation, --scale and --shear, show the first image of each class as
training sees it: in a table, the image and then its variations.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&f.data, "data", "auto", "auto, kmnist, synthetic or a `directory`")
	cmd.Flags().StringVar(&f.classes, "classes", "", "`file` with the name of a class on each line (default: the data's own names)")
	cmd.Flags().StringVar(&f.out, "out", "", "write a table of images to this `file`, FILE.png or FILE.svg")
	cmd.Flags().IntVar(&f.columns, "columns", 20, "images of each class")
	cmd.Flags().IntVar(&f.zoom, "zoom", 2, "size of a pixel")
	f.augment.Add(cmd.Flags())
	return cmd
}

func (f *showFlags) run(cmd *cobra.Command) error {
	if f.columns < 1 || f.columns > 1000 || f.zoom < 1 || f.zoom > 20 {
		return fmt.Errorf("--columns %d and --zoom %d: want 1 to 1000 and 1 to 20", f.columns, f.zoom)
	}
	if err := drawable(f.out); err != nil {
		return err
	}
	a := f.augment.Value()
	if err := a.Validate(); err != nil {
		return fmt.Errorf("--%w", err)
	}
	d, err := openData(cmd.Context(), f.data, f.classes)
	if err != nil {
		return err
	}
	shown, err := f.shown(d, a)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	f.print(out, d, shown, a)
	if f.out == "" {
		return nil
	}
	if err := drawSheet(f.out, kmnist.ContactSheet(shown, len(d.Classes), f.columns, f.zoom)); err != nil {
		return fmt.Errorf("--out %s: %w", message.Quote(f.out), message.Cause(err))
	}
	fmt.Fprintf(out, "drew %s\n", message.Quote(f.out))
	return nil
}

// shown is the images to show: those of training, or the first of each class as
// training moves it.
func (f *showFlags) shown(d kmnist.Data, a glyph.Augmentation) (kmnist.Set, error) {
	switch {
	case a.IsZero():
		return d.Train, nil
	case f.out == "":
		return variations(d.Train, len(d.Classes), a, 1, false)
	}
	return variations(d.Train, len(d.Classes), a, f.columns-1, true)
}

// print prints how much data there is, class by class, with a character of each
// unless they are drawn to a file.
func (f *showFlags) print(out io.Writer, d kmnist.Data, shown kmnist.Set, a glyph.Augmentation) {
	fmt.Fprintf(out, "%s: %s, %s of %d×%d\n", d.Source,
		message.Count(d.Train.Len(), "training image"), message.Count(d.Test.Len(), "test image"), d.Train.H, d.Train.W)
	printNotes(out, d.Notes)
	if !a.IsZero() {
		fmt.Fprintf(out, "moved by %v\n", a)
	}
	counts, _ := d.Train.Count(len(d.Classes))
	_, first := shown.Count(len(d.Classes))
	for c, class := range d.Classes {
		fmt.Fprintf(out, "%d  %s  %s\n", c, terminal.Padded(class.String(), 6), message.Count(counts[c], "training image"))
		if f.out == "" && first[c] >= 0 {
			fmt.Fprint(out, kmnist.Text(shown, first[c]))
		}
	}
}

// drawable reports whether a table of images can be written to a file of that name.
func drawable(path string) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png", ".svg":
		return nil
	}
	if path == "" {
		return nil
	}
	return fmt.Errorf("--out %s: tables of images are drawn as PNG or SVG; give a file that ends in .png or .svg", path)
}

// drawSheet writes a table of images in the format that the file's name says. In
// an SVG it is a picture whose pixels stay sharp at any size.
func drawSheet(path string, sheet image.Image) error {
	var pixels bytes.Buffer
	if err := png.Encode(&pixels, sheet); err != nil {
		return err
	}
	if !strings.EqualFold(filepath.Ext(path), ".svg") {
		return atomicfile.WriteFile(path, pixels.Bytes())
	}
	size := sheet.Bounds().Size()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d">`, size.X, size.Y)
	fmt.Fprintf(&b, `<image width="%d" height="%d" style="image-rendering:pixelated" href="data:image/png;base64,%s"/></svg>`+"\n",
		size.X, size.Y, base64.StdEncoding.EncodeToString(pixels.Bytes()))
	return atomicfile.WriteFile(path, b.Bytes())
}
