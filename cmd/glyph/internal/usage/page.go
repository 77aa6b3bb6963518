package usage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/cmd/glyph/internal/terminal"
)

// headingKey is the annotation of a flag with the heading it stands under in a help page.
const headingKey = "glyph-heading"

// Headed puts the flags that add adds under a heading of the command's help page.
func Headed(fs *pflag.FlagSet, heading string, add func()) {
	before := map[string]bool{}
	fs.VisitAll(func(f *pflag.Flag) { before[f.Name] = true })
	add()
	fs.VisitAll(func(f *pflag.Flag) {
		if !before[f.Name] && f.Annotations[headingKey] == nil {
			fs.SetAnnotation(f.Name, headingKey, []string{heading}) //nolint:errcheck // the flag is there
		}
	})
}

// Describe prints what a command does, and its [Page]: the help of a command. On a
// terminal, no line but those of examples is wider.
func Describe(cmd *cobra.Command, _ []string) {
	out := cmd.OutOrStdout()
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	terminal.Fold(out, 2, reflow(strings.TrimSpace(text), terminal.Width(out)))
	if err := Page(cmd); err != nil {
		cmd.PrintErrln(err)
	}
}

// reflow is text whose paragraphs are set anew where a line of them is wider than a terminal;
// 0 is any width. A paragraph with an indented line is a list or an example, and stays.
func reflow(text string, width int) string {
	var b strings.Builder
	for i, p := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString("\n")
		}
		wide := slices.ContainsFunc(strings.Split(p, "\n"), func(line string) bool { return terminal.Columns(line) > width })
		if width > 0 && wide && !strings.HasPrefix(p, " ") && !strings.Contains(p, "\n ") {
			p = strings.TrimSuffix(terminal.Wrap("", p, width), "\n")
		}
		b.WriteString(p + "\n")
	}
	return b.String()
}

// Page prints how a command is used: its form, examples, subcommands and flags, each
// under its heading, as wide as the terminal.
func Page(cmd *cobra.Command) error {
	var b strings.Builder
	section := func(heading, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n%s:\n%s\n", heading, strings.TrimRight(text, "\n"))
		}
	}
	form := ""
	if cmd.Runnable() && cmd.HasParent() {
		form += "  " + cmd.UseLine() + "\n"
	}
	if line := "  " + cmd.CommandPath() + " COMMAND\n"; cmd.HasAvailableSubCommands() && form != line {
		form += line
	}
	section("Usage", form)
	section("Examples", cmd.Example)
	for _, g := range cmd.Groups() {
		section(g.Title, commands(cmd, g.ID))
	}
	other := "Commands"
	if len(cmd.Groups()) > 0 {
		other = "Other commands"
	}
	section(other, commands(cmd, ""))
	width := terminal.Width(cmd.OutOrStdout())
	for _, g := range headings(cmd.LocalFlags()) {
		section(g.heading, g.flags.FlagUsagesWrapped(width))
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\n" + terminal.Wrap("", cmd.CommandPath()+" COMMAND --help says more about a command.", width))
	}
	_, err := fmt.Fprint(cmd.OutOrStdout(), strings.TrimPrefix(b.String(), "\n"))
	return err
}

// commands lists the subcommands of a group.
func commands(cmd *cobra.Command, group string) string {
	var rows [][2]string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.GroupID == group {
			rows = append(rows, [2]string{fmt.Sprintf("  %-*s", sub.NamePadding()-1, sub.Name()), sub.Short})
		}
	}
	return terminal.Fields(rows, terminal.Width(cmd.OutOrStdout()))
}

// headed is the flags under one heading.
type headed struct {
	heading string
	flags   *pflag.FlagSet
}

// headings are the flags by heading, in the order in which they were added; those
// without one come last.
func headings(fs *pflag.FlagSet) (list []*headed) {
	rest := &headed{heading: "Flags"}
	fs.VisitAll(func(f *pflag.Flag) {
		at := rest
		if a := f.Annotations[headingKey]; a != nil {
			at = nil
			for _, h := range list {
				if h.heading == a[0] {
					at = h
				}
			}
			if at == nil {
				at = &headed{heading: a[0]}
				list = append(list, at)
			}
		}
		if at.flags == nil {
			at.flags = pflag.NewFlagSet("", pflag.ContinueOnError)
			at.flags.SortFlags = false
		}
		at.flags.AddFlag(f)
	})
	if rest.flags != nil {
		if len(list) > 0 {
			rest.heading = "Other flags"
		}
		list = append(list, rest)
	}
	return list
}
