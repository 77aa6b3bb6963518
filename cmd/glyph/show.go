package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"glyph"
	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/cpu"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/runs/plots"
	"glyph/settings"
	"glyph/train"
)

// showFlags are the flags of glyph data show.
type showFlags struct {
	data, classes, size, out string
	columns, zoom            int
	augment                  flags.Augmentation
}

func newShow() *cobra.Command {
	var f showFlags
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show what the data looks like",
		Long: `Print counts and a character of each class, or draw a table of them with --out: a
row for each class, in the order of their labels. With --augment, or any of
--shift, --rotation, --scale, --shear, --elastic, --stroke and --cutout, show the first
image of each class as training sees it: in a table, the image and then its variations.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&f.data, "data", "auto", "auto, kmnist, synthetic or a `directory` of files or of pictures")
	cmd.Flags().StringVar(&f.classes, "classes", "", "`file` with the name of a class on each line (default: the data's own names)")
	cmd.Flags().StringVar(&f.size, "size", "", flags.SizeHelp)
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
	if f.out != "" && !plots.Drawable(f.out) {
		return fmt.Errorf("--out %s: tables of images are drawn as PNG or SVG; give a file that ends in .png or .svg", f.out)
	}
	pictures, err := flags.Pictures(f.size)
	if err != nil {
		return err
	}
	a := f.augment.Value()
	if err := a.Validate(); err != nil {
		return fmt.Errorf("--%w", err)
	}
	d, err := openData(cmd.Context(), f.data, f.classes, pictures)
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
	if err := plots.WriteImage(f.out, kmnist.ContactSheet(shown, len(d.Classes), f.columns, f.zoom)); err != nil {
		return fmt.Errorf("--out %s: %w", message.Quote(f.out), message.Cause(err))
	}
	fmt.Fprintf(out, "drew %s\n", message.Quote(f.out))
	return nil
}

// shown is the images to show: those of training, or the first of each class as
// training moves it.
func (f *showFlags) shown(d kmnist.Data, a glyph.Augmentation) (kmnist.Set, error) {
	if a.IsZero() {
		return d.Train, nil
	}
	moved, original := 1, false
	if f.out != "" {
		moved, original = f.columns-1, true
	}
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // Variations has told of device errors
	v, err := train.Variations(b, settings.TrainSet(d.Train), a, moved, original)
	return kmnist.Set{Images: v.Images, Labels: v.Labels, H: d.Train.H, W: d.Train.W, C: d.Train.C}, err
}

// print prints how much data there is, class by class, with a character of each
// unless they are drawn to a file.
func (f *showFlags) print(out io.Writer, d kmnist.Data, shown kmnist.Set, a glyph.Augmentation) {
	fmt.Fprintf(out, "%s: %s, %s of %s\n", d.Source,
		message.Count(d.Train.Len(), "training image"), message.Count(d.Test.Len(), "test image"), d.Train.Dimensions())
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
