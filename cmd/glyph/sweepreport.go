package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/settings"
	"glyph/study"
)

func newSweepMerge() *cobra.Command {
	var to string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "Merge the results of shards and rank them",
		Long: `Put the results of the shards of a sweep together in --out and write the
leaderboard there. Each shard of a halving has halved its own combinations; glyph
sweep with the same settings and --out then trains what is missing of the whole.`,
		Example: "  glyph sweep merge parts/* --out runs/sweep",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("which directories?")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, dirs []string) error {
			if to == "" {
				return errors.New("--out is missing: it names the directory for the results")
			}
			for _, dir := range dirs {
				if _, err := readSweep(dir); err != nil {
					return err
				}
			}
			c, err := study.Merge(dirs, to)
			if err != nil {
				return err
			}
			out := textOut(cmd, asJSON)
			fmt.Fprintf(out, "merged   %s of %s in %s\n", message.Count(len(c.Results), "training"), message.Count(len(dirs), "part"), message.Quote(to))
			return reportContents(cmd, out, asJSON, to, c)
		},
	}
	cmd.Flags().StringVar(&to, "out", "", "put the results and the leaderboard in `DIR`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the leaderboard as one JSON object")
	return cmd
}

func newSweepReport() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Show the leaderboard of a sweep's directory",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("want one directory: glyph sweep report DIR")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := readSweep(args[0])
			if err != nil {
				return err
			}
			return reportContents(cmd, textOut(cmd, asJSON), asJSON, args[0], c)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the leaderboard as one JSON object")
	return cmd
}

// textOut is where text goes: standard error if JSON is printed.
func textOut(cmd *cobra.Command, asJSON bool) io.Writer {
	if asJSON {
		return cmd.ErrOrStderr()
	}
	return cmd.OutOrStdout()
}

// readSweep reads a directory that holds a sweep.
func readSweep(dir string) (study.Contents, error) {
	c, err := study.ReadContents(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return c, fmt.Errorf("%w; %s is not a directory of results", err, message.Quote(dir))
	}
	if err == nil && c.Sweep == nil {
		_, err = c.SweepOf()
		err = fmt.Errorf("%s %w; see it with: %s", message.Quote(dir), err, message.Shell("glyph", "study", "report", message.Operand(dir)))
	}
	return c, err
}

// reportContents shows the leaderboard of what a directory holds.
func reportContents(cmd *cobra.Command, out io.Writer, asJSON bool, dir string, c study.Contents) error {
	sweep, err := c.SweepOf()
	if err != nil {
		return fmt.Errorf("%s: %w", message.Quote(dir), err)
	}
	return sweepReport(cmd, out, asJSON, dir, "", sweep, c.Results)
}

// maxRows is how many combinations the table shows; the file has all of them.
const maxRows = 20

// sweepReport writes the leaderboard and prints it. data is what --data was, or "" for what
// the directory says.
func sweepReport(cmd *cobra.Command, out io.Writer, asJSON bool, dir, data string, sweep *study.Sweep, done study.Results) error {
	b := sweep.Leaderboard(done)
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		return err
	}
	path := filepath.Join(dir, study.LeaderboardFile)
	if err := atomicfile.WriteFile(path, text.Bytes()); err != nil {
		return err
	}
	if sweep.Same > 0 {
		fmt.Fprintf(out, "         %s left out: they train as others do\n", message.Count(sweep.Same, "combination"))
	}
	if len(b.Rows) > 0 {
		fmt.Fprintf(out, "\n%s\n", standings(b, sweep, terminal.Width(out)))
		if data == kmnist.Auto {
			data = "" // what it was then is named, whatever it may be later
		}
		fmt.Fprintf(out, "best     %s\n", message.Shell(append([]string{"glyph"}, b.Best(data)...)...))
	}
	if b.Missing > 0 {
		fmt.Fprintf(out, "missing  %s of %s; the same glyph sweep with --out %s trains them\n", message.Thousands(b.Missing), message.Count(b.Trials, "training"), message.Quote(dir))
	}
	fmt.Fprintf(out, "kept     %s\n", message.Quote(path))
	if asJSON {
		fmt.Fprint(cmd.OutOrStdout(), text.String())
	}
	return nil
}

// standings is the leaderboard as a table of at most width columns, 0 being any number.
func standings(b *study.Leaderboard, sweep *study.Sweep, width int) string {
	head := []string{"", "accuracy", "± sd"}
	if sweep.Halving != nil {
		head = append(head, "epochs")
	}
	rows := [][]string{append(head, b.Varied...)}
	for _, r := range b.Rows[:min(len(b.Rows), maxRows)] {
		row := []string{fmt.Sprint(r.Rank), fmt.Sprintf("%.2f %%", 100*r.Mean), "–"}
		if r.Spread != nil {
			row[2] = fmt.Sprintf("%.2f", 100**r.Spread)
		}
		if sweep.Halving != nil {
			row = append(row, fmt.Sprint(r.Epochs))
		}
		for _, name := range b.Varied {
			s, _ := settings.Find(name)
			row = append(row, message.Quote(s.Shown(&r.Point)))
		}
		var notes []string
		if r.Diverged > 0 {
			notes = append(notes, fmt.Sprintf("%d diverged", r.Diverged))
		}
		if len(r.Seeds) < len(b.Seeds) {
			notes = append(notes, fmt.Sprintf("%d of %s", len(r.Seeds), message.Count(len(b.Seeds), "seed")))
		}
		if notes != nil {
			row = append(row, strings.Join(notes, "; "))
		}
		rows = append(rows, row)
	}
	title := fmt.Sprintf("by validation accuracy, the mean of %s:\n", message.Count(len(b.Seeds), "seed"))
	if more := len(b.Rows) - maxRows; more > 0 {
		return title + terminal.Table(rows, width, true) + fmt.Sprintf("     and %s more in %s\n", message.Thousands(more), study.LeaderboardFile)
	}
	return title + terminal.Table(rows, width, true)
}
