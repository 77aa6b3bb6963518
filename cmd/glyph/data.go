package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/kmnist"
)

// openData opens the data of --data, with a bar on the terminal for a download. Its
// classes are named by a file, or by the data itself where there is none.
// pictures says how a folder of pictures is framed.
func openData(ctx context.Context, name, classes string, pictures kmnist.PictureOptions) (kmnist.Data, error) {
	d, err := kmnist.Open(ctx, name, kmnist.Options{Classes: classes, Pictures: pictures, Download: downloader()})
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
		Short: "Download, verify, show or pack data",
	}
	cmd.AddCommand(newDownload(), newVerify(), newShow(), newPack())
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
each can be read, and whether it is the published KMNIST file. In a folder of pictures,
every picture is read.`,
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
			if len(args) == 1 && kmnist.IsPictures(dir) {
				return verifyPictures(cmd, dir)
			}
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
					fmt.Fprintf(out, "ok       %s: %s; not a published file of KMNIST\n", r.File, r.About)
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
