package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/internal/message"
	"glyph/runs"
)

// extraArgs is the error of arguments that a command does not take.
type extraArgs struct {
	cmd  *cobra.Command
	args []string
}

func (e *extraArgs) Error() string {
	if e.isCommand() {
		return fmt.Sprintf("unknown command %q", e.args[0])
	}
	return fmt.Sprintf("takes no argument %q; use it as: %s", e.args[0], use(e.cmd))
}

// isCommand reports whether a command was expected where the arguments begin.
func (e *extraArgs) isCommand() bool { return e.cmd.HasAvailableSubCommands() }

// guess is the error with what was probably meant by the whole command line.
func (e *extraArgs) guess(line []string) error {
	var names []string
	for _, sub := range e.cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	if name := message.Closest(e.args[0], names); name != "" {
		return fmt.Errorf("%w; did you mean %s %s?", e, e.cmd.CommandPath(), name)
	}
	if e.isCommand() {
		return fmt.Errorf("%w; commands are %s", e, list(names))
	}
	if flag := e.spread(line); flag != "" {
		return fmt.Errorf("takes no argument %q; did you mean %s?", e.args[0], flag)
	}
	return e
}

// spread is the flag whose value the extra arguments were meant to be: a list
// with spaces where commas belong, or true or false apart from its switch.
func (e *extraArgs) spread(line []string) string {
	for i := range line {
		if line[i] != e.args[0] {
			continue
		}
		at := i - 1 // goes back to the flag
		for at >= 0 && !strings.HasPrefix(line[at], "--") {
			at--
		}
		if at < 0 {
			continue
		}
		name, value, given := strings.Cut(strings.TrimPrefix(line[at], "--"), "=")
		values := line[at+1:]
		if end := slices.IndexFunc(values, func(s string) bool { return strings.HasPrefix(s, "-") }); end >= 0 {
			values = values[:end]
		}
		if given {
			values = append([]string{value}, values...)
		}
		if flag := e.cmd.Flags().Lookup(name); flag != nil && len(values) > 0 {
			if text := joined(flag, values); text != "" {
				return text
			}
		}
	}
	return ""
}

// joined is a flag with all its values, or "" if it takes one alone.
func joined(flag *pflag.Flag, values []string) string {
	switch flag.Value.Type() {
	case "intSlice", "float64Slice":
		var parts []string
		for _, v := range values {
			parts = append(parts, strings.Trim(v, ", "))
		}
		return fmt.Sprintf("--%s %s", flag.Name, message.Shell(strings.Join(parts, ",")))
	case "bool":
		if len(values) == 1 && (values[0] == "true" || values[0] == "false") {
			return fmt.Sprintf("--%s=%s", flag.Name, values[0])
		}
	}
	return ""
}

// unknownFlag adds to the error of a flag that there is not the one that was
// probably meant.
func unknownFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if name := message.Closest(unknown.GetSpecifiedName(), names); name != "" {
		return fmt.Errorf("%w; did you mean --%s?", err, name)
	}
	return fmt.Errorf("%w; %s --help lists the flags", err, cmd.CommandPath())
}

// runFirst adds to the error of a first argument that is no run how the arguments
// were probably meant, where another of them is one.
func runFirst(cmd *cobra.Command, args []string, err error) error {
	for i, arg := range args[1:] {
		if _, e := runs.OpenWeights(arg); e == nil {
			right := append([]string{arg}, slices.Delete(slices.Clone(args), i+1, i+2)...)
			return fmt.Errorf("%w; the run comes first: %s", err, message.Shell(append(strings.Fields(cmd.CommandPath()), right...)...))
		}
	}
	return err
}

// newHelp is glyph help, which knows when there is no such command.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Describe a command",
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err == nil && len(rest) > 0 {
				err = &extraArgs{cmd, rest}
			}
			if err != nil {
				return err
			}
			return cmd.Help()
		},
	}
}

// noArgs is cobra.NoArgs with an error that can guess.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &extraArgs{cmd, args}
	}
	return nil
}

// sayUse ends the errors about a command's arguments, and its subcommands', with
// what the arguments are, and lets those of commands without any guess.
func sayUse(cmd *cobra.Command) {
	switch check := cmd.Args; {
	case check == nil || check(cmd, []string{"x"}) != nil && check(cmd, nil) == nil:
		cmd.Args = noArgs
	default:
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return fmt.Errorf("%s; use it as: %s", miscounted(cmd, check, args, err), use(cmd))
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		sayUse(sub)
	}
}

// miscounted is the error of a check of arguments in plain words, if it is about
// their number.
func miscounted(cmd *cobra.Command, check cobra.PositionalArgs, args []string, err error) string {
	if !strings.Contains(err.Error(), "arg(s)") {
		return err.Error() // the command's own
	}
	for more := range 4 {
		if check(cmd, append(slices.Clone(args), slices.Repeat([]string{"x"}, more)...)) == nil {
			return message.Count(more, "argument") + " missing"
		}
	}
	return "too many arguments"
}

// use is the command with its arguments.
func use(cmd *cobra.Command) string { return strings.TrimSuffix(cmd.UseLine(), " [flags]") }

func list(names []string) string { return strings.Join(names, ", ") }
