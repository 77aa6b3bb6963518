package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"glyph/internal/message"
	"glyph/study"
)

func newStudyMerge() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "Merge the results of shards and report on them",
		Long: `Put the results of shards, or of machines, together in --out and write the report
there. They must be of the same data, and all of the quick study or none. A trial
that is in several directories must have the same result in all of them.`,
		Example: "  glyph study merge parts/* --out runs/study",
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
				if c, err := study.ReadContents(dir); err == nil && c.Sweep != nil {
					return fmt.Errorf("%s holds a sweep, not a study; merge it with: %s", message.Quote(dir), mergeCommand("sweep", dirs, to))
				}
			}
			c, err := study.Merge(dirs, to)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "merged   %s of %s in %s\n", message.Count(len(c.Results), "trial"), message.Count(len(dirs), "part"), message.Quote(to))
			return studyReport(out, to, c)
		},
	}
	cmd.Flags().StringVar(&to, "out", "", "put the results and the report in `DIR`")
	return cmd
}

// mergeCommand is the command that merges the results of studies or of sweeps.
func mergeCommand(kind string, dirs []string, to string) string {
	words := []string{"glyph", kind, "merge"}
	for _, dir := range dirs {
		words = append(words, message.Operand(dir))
	}
	return message.Shell(append(words, "--out", to)...)
}

func newStudyReport() *cobra.Command {
	return &cobra.Command{
		Use:   "report DIR",
		Short: "Write the report of a results directory again",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("want one directory: glyph study report DIR")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := study.ReadContents(args[0])
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("%w; %s is not a directory of results", err, args[0])
			}
			if err != nil {
				return err
			}
			if c.Sweep != nil {
				_, err := c.Plan(nil)
				return fmt.Errorf("%s %w; see it with: %s", message.Quote(args[0]), err, message.Shell("glyph", "sweep", "report", message.Operand(args[0])))
			}
			return studyReport(cmd.OutOrStdout(), args[0], c)
		},
	}
}

// report writes the report and prints the verdicts.
func studyReport(out io.Writer, dir string, c study.Contents) error {
	all, err := knownExperiments(c)
	if err != nil {
		return fmt.Errorf("%s: %w", message.Quote(dir), err)
	}
	a, err := study.Analyse(c, all)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	files, err := study.WriteReport(dir, a)
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, f := range a.Findings {
		fmt.Fprintf(out, "%2d  %-13s  %s\n", f.Number, f.Verdict, f.Says)
	}
	for _, x := range a.Experiments {
		for _, j := range x.Claims {
			if x.Text != "" {
				fmt.Fprintf(out, "%s: %s  %s\n", x.Name, j.Verdict, j.Says)
			}
		}
	}
	if a.Missing > 0 {
		fmt.Fprintf(out, "\n%s of %s not run yet\n", message.Thousands(a.Missing), message.Count(a.Trials, "trial"))
	}
	fmt.Fprintf(out, "\nreport   %s\n", message.Quote(files[0]))
	for _, f := range files[1:] {
		fmt.Fprintf(out, "         %s\n", message.Quote(f))
	}
	return nil
}
