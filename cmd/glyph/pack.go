package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/kmnist"
)

// packFlags are the flags of glyph data pack.
type packFlags struct {
	out, classes, size string
	test               float64
	seed               uint64
	top                int
}

func newPack() *cobra.Command {
	var f packFlags
	cmd := &cobra.Command{
		Use:   "pack DIR",
		Short: "Make files of MNIST's format from pictures or other files",
		Long: `Read the data of a directory, as --data does, and write it as four files in MNIST's
format with classes.txt, the names of the classes, which is what --data reads quickest.
If a folder of pictures has no test set of its own, --test is the share of each class
that becomes the test set, and --seed chooses which pictures those are.`,
		Example: `  glyph data pack pictures --size 32 --out packed
  glyph data pack kkanji2 --top 256 --out kanji`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&f.out, "out", "", "write the files into this `directory`")
	cmd.Flags().StringVar(&f.size, "size", "", flags.SizeHelp)
	cmd.Flags().Float64Var(&f.test, "test", kmnist.DefaultTestShare, "`share` of each class that becomes the test set")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "seed that chooses the test set, and orders the images")
	cmd.Flags().IntVar(&f.top, "top", 0, "keep only this many `classes`, those with the most pictures; 0 keeps all")
	cmd.Flags().StringVar(&f.classes, "classes", "", "`file` with the name of a class on each line (default: the data's own names)")
	return cmd
}

func (f *packFlags) run(cmd *cobra.Command, name string) error {
	switch {
	case f.out == "":
		return errors.New("--out DIR is missing: it says where the files go")
	case !(f.test > 0 && f.test < 1):
		return fmt.Errorf("--test must be between 0 and 1, not %v", f.test)
	case f.seed == 0:
		return errors.New("--seed must be at least 1")
	case f.top < 0 || f.top == 1:
		return fmt.Errorf("--top must be 2 classes or more, or 0 for all, not %d", f.top)
	}
	pictures, err := flags.Pictures(f.size)
	if err != nil {
		return err
	}
	pictures.TestShare, pictures.Seed, pictures.Top = f.test, f.seed, f.top
	d, err := kmnist.Open(cmd.Context(), name, kmnist.Options{Classes: f.classes, Pictures: pictures, Download: downloader()})
	if err != nil {
		return err
	}
	if !d.Pictures {
		for _, flag := range []string{"size", "test", "seed", "top"} {
			if cmd.Flags().Changed(flag) {
				return fmt.Errorf("--%s is for a folder of pictures, and %s is none; leave it out", flag, d.Source)
			}
		}
	}
	if err := kmnist.Pack(d, f.out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	out := cmd.OutOrStdout()
	sayPacked(cmd, d)
	printNotes(out, d.Notes)
	dir := f.out
	if dir == kmnist.Auto || dir == kmnist.Official || dir == kmnist.Drawn {
		dir = "./" + dir // the directory, and not the data of that name
	}
	fmt.Fprintf(out, "packed   %s; train on it with: %s\n", message.Quote(f.out), message.Shell("glyph", "train", "--data", dir))
	return nil
}

// sayPacked says what the data is.
func sayPacked(cmd *cobra.Command, d kmnist.Data) {
	terminal.Say(cmd.OutOrStdout(), "data     %s: %s, %s, %s, %s", d.Source, message.Count(d.Train.Len(), "training image"),
		message.Count(d.Test.Len(), "test image"), d.Train.Dimensions(), message.Count(len(d.Classes), "class"))
}

// verifyPictures reads a folder of pictures.
func verifyPictures(cmd *cobra.Command, dir string) error {
	d, err := kmnist.Open(cmd.Context(), dir, kmnist.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "ok       %s: %s in %s\n", d.Source, message.Count(d.Train.Len()+d.Test.Len(), "picture"), message.Count(len(d.Classes), "class"))
	printNotes(cmd.OutOrStdout(), d.Notes)
	return nil
}
