package usage

import (
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// What a command line was probably meant to be is said in one line.
func TestGuess(t *testing.T) {
	for line, want := range map[string]string{
		"lift":                     `unknown command "lift"; did you mean tool list?`,
		"zzz":                      `unknown command "zzz"; commands are in, list, one, shelf`,
		"list --sizes 1 2 3":       `takes no argument "2"; did you mean --sizes 1,2,3?`,
		"list --quick false":       `takes no argument "false"; did you mean --quick=false?`,
		"list there":               `takes no argument "there"; use it as: tool list`,
		"list --szies 1":           `unknown flag: --szies; did you mean --sizes?`,
		"list --colour":            `unknown flag: --colour; tool list --help lists the flags`,
		"one":                      `1 argument missing; use it as: tool one A`,
		"one a b":                  `too many arguments; use it as: tool one A`,
		"help listen":              `unknown command "listen"`,
		"list --sizes 1,2 --quick": "",
		"one a":                    "",
		"help list":                "",
		"list --sizes=1 2 3":       `takes no argument "2"; did you mean --sizes 1,2,3?`,
		"shelf bok":                `unknown command "bok"; did you mean tool shelf book?`,
		"shelf":                    "",
		"in ad":                    `ad: no such directory; did you mean tool in add?`,
		"in nowhere":               `nowhere: no such directory`,
		"in ./ad":                  `./ad: no such directory`,
	} {
		root := &cobra.Command{Use: "tool", RunE: func(*cobra.Command, []string) error { return nil }, SilenceErrors: true, SilenceUsage: true, DisableFlagsInUseLine: true}
		root.CompletionOptions.DisableDefaultCmd = true
		run := func(*cobra.Command, []string) error { return nil }
		list := &cobra.Command{Use: "list", RunE: run, DisableFlagsInUseLine: true}
		list.Flags().IntSlice("sizes", nil, "")
		list.Flags().Bool("quick", false, "")
		root.AddCommand(list, &cobra.Command{Use: "one A", Args: cobra.ExactArgs(1), RunE: run, DisableFlagsInUseLine: true})
		shelf := &cobra.Command{Use: "shelf"}
		shelf.AddCommand(&cobra.Command{Use: "book", RunE: run})
		in := &cobra.Command{Use: "in [DIR]", Args: cobra.MaximumNArgs(1), RunE: func(_ *cobra.Command, args []string) error { return errors.New(args[0] + ": no such directory") }}
		in.AddCommand(&cobra.Command{Use: "add", RunE: run})
		root.AddCommand(shelf, in)
		root.SetFlagErrorFunc(UnknownFlag)
		root.SetHelpCommand(Help(root))
		root.SetOut(&strings.Builder{})
		Check(root)
		args := strings.Fields(line)
		root.SetArgs(args)
		got := ""
		if err := root.Execute(); err != nil {
			got = Guess(err, args).Error()
		}
		if !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// On a terminal that is too narrow for it, a paragraph is set anew, and no line of it has a
// single word because the next one was written below. What is indented stays as it is.
func TestReflow(t *testing.T) {
	const text = "Some words that are as wide\nas this, and as many more\nas there are.\n\n  a b   c\n  d\n\nlast"
	for width, want := range map[int]string{
		0: text + "\n", 27: text + "\n",
		26: "Some words that are as\nwide as this, and as many\nmore as there are.\n\n  a b   c\n  d\n\nlast\n",
	} {
		if got := reflow(text, width); got != want {
			t.Errorf("%d columns:\n%s", width, got)
		}
	}
}
