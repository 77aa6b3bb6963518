package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/kmnist"
)

// openData opens the data of --data, with a bar on the terminal for a download. Its
// classes are named by a file, or by the data itself where there is none.
func openData(ctx context.Context, name, classes string) (kmnist.Data, error) {
	d, err := kmnist.Open(ctx, name, kmnist.Options{Classes: classes, Download: downloader()})
	if errors.Is(err, context.Canceled) {
		return d, fmt.Errorf("%w while reading the data", err)
	}
	if err != nil {
		return d, fmt.Errorf("--data: %w", err)
	}
	return d, nil
}

func downloader() *kmnist.Downloader {
	d := kmnist.NewDownloader()
	tty := terminal.Of(os.Stderr)
	if tty == nil {
		return d
	}
	var bar *terminal.Bar
	var current string
	d.Progress = func(file string, done, total int64) {
		if current != file {
			current = file
			bar = tty.Bytes(total)
		}
		bar.Set(done, file)
	}
	return d
}

func newData() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "Download, verify or show the data",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDownload(), newVerify(), newShow())
	return cmd
}

func newDownload() *cobra.Command {
	return &cobra.Command{
		Use:   "download",
		Short: "Fetch KMNIST into the cache",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := kmnist.CacheDir()
			if err != nil {
				return err
			}
			if err := downloader().Fetch(cmd.Context(), dir); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "KMNIST is in %s, verified\n", message.Quote(dir))
			return nil
		},
	}
}

func newVerify() *cobra.Command {
	return &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Check the files of the cache or of a directory",
		Long: `Check the four files of the cache, or of a directory in MNIST's format: whether
each can be read and whether it is the published one of KMNIST.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := kmnist.CacheDir()
			if len(args) == 1 {
				dir, err = args[0], nil
			}
			if err != nil {
				return err
			}
			out, bad := cmd.OutOrStdout(), 0
			reports, err := kmnist.Verify(dir)
			if err != nil {
				return err
			}
			for _, r := range reports {
				switch {
				case r.Missing:
					bad++
					fmt.Fprintf(out, "missing  %s\n", r.File)
				case r.Err != nil:
					bad++
					fmt.Fprintf(out, "bad      %s: %v\n", r.File, r.Err)
				case r.Official:
					fmt.Fprintf(out, "ok       %s: %s, the published file\n", r.File, r.About)
				default:
					fmt.Fprintf(out, "ok       %s: %s, not the published file\n", r.File, r.About)
				}
			}
			if bad > 0 {
				return fmt.Errorf("%d of 4 files in %s are not usable; glyph data download fetches KMNIST", bad, dir)
			}
			if _, err := kmnist.Load(dir); err != nil {
				return err
			}
			return nil
		},
	}
}

func newShow() *cobra.Command {
	var data, classes, out string
	var columns, zoom int
	var augment augmentFlags
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show what the data looks like",
		Long: `Print counts and a character of each class, or draw a table of them with --out: a
row a class, in the order of their labels. With --augment, or how far to move
images, show the first of each class as training sees it: in a table, the image
and then its variations.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if columns < 1 || columns > 1000 || zoom < 1 || zoom > 20 {
				return fmt.Errorf("--columns %d and --zoom %d: want 1 to 1000 and 1 to 20", columns, zoom)
			}
			if err := drawable(out); err != nil {
				return err
			}
			a := augment.augmentation()
			if err := a.Validate(); err != nil {
				return fmt.Errorf("--%w", err)
			}
			d, err := openData(cmd.Context(), data, classes)
			if err != nil {
				return err
			}
			shown := d.Train
			if !a.IsZero() && out == "" {
				shown, err = variations(d.Train, len(d.Classes), a, 1, false)
			} else if !a.IsZero() {
				shown, err = variations(d.Train, len(d.Classes), a, columns-1, true)
			}
			if err != nil {
				return err
			}
			w := cmd.OutOrStdout()
			fmt.Fprintf(w, "%s: %s training images, %s test images of %d×%d\n", d.Source,
				message.Thousands(d.Train.Len()), message.Thousands(d.Test.Len()), d.Train.H, d.Train.W)
			printNotes(w, d.Notes)
			if !a.IsZero() {
				fmt.Fprintf(w, "moved by %v\n", a)
			}
			counts, _ := countClasses(d.Train, len(d.Classes))
			_, first := countClasses(shown, len(d.Classes))
			for c, class := range d.Classes {
				fmt.Fprintf(w, "%d  %s  %s\n", c, padded(class.String(), 6), message.Count(counts[c], "training image"))
				if out == "" && first[c] >= 0 {
					fmt.Fprint(w, kmnist.Text(shown, first[c]))
				}
			}
			if out == "" {
				return nil
			}
			if err := drawSheet(out, kmnist.ContactSheet(shown, len(d.Classes), columns, zoom)); err != nil {
				return fmt.Errorf("--out %s: %w", out, message.Cause(err))
			}
			fmt.Fprintf(w, "drew %s\n", message.Quote(out))
			return nil
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&data, "data", "auto", "auto, kmnist, synthetic or a `directory`")
	cmd.Flags().StringVar(&classes, "classes", "", "`file` with the name of a class on each line (default: the data's own names)")
	cmd.Flags().StringVar(&out, "out", "", "draw a table of images as this `file`, FILE.png or FILE.svg")
	cmd.Flags().IntVar(&columns, "columns", 20, "images of each class")
	cmd.Flags().IntVar(&zoom, "zoom", 2, "size of a pixel")
	augment.add(cmd.Flags())
	return cmd
}

// countClasses is how many images each of so many classes has and which is its
// first, or -1.
func countClasses(s kmnist.Set, classes int) (counts, first []int) {
	counts, first = make([]int, classes), make([]int, classes)
	for c := range first {
		first[c] = -1
	}
	for i, c := range s.Labels {
		if counts[c]++; first[c] < 0 {
			first[c] = i
		}
	}
	return counts, first
}

// drawable tells whether a table of images can be drawn as a file of that name.
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
