// Package usage explains errors in a command line: how the command is used, and what
// was probably meant.
package usage

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/internal/message"
)

// UnknownFlag adds to the error of an unknown flag the one that was probably meant.
func UnknownFlag(cmd *cobra.Command, err error) error {
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

// Help is glyph help, which knows when there is no such command.
func Help(root *cobra.Command) *cobra.Command {
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

// Guess is an error of a command. If it is about arguments that the command does not
// take, Guess adds what was probably meant.
func Guess(err error, line []string) error {
	var extra *extraArgs
	if errors.As(err, &extra) {
		return extra.guess(line)
	}
	return err
}

// noArgs is cobra.NoArgs with an error that can guess.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &extraArgs{cmd, args}
	}
	return nil
}

// Check ends the errors about a command's arguments, and its subcommands', with
// what the arguments are, and lets those of commands without any guess. A command that
// has nothing but subcommands describes itself.
func Check(cmd *cobra.Command) {
	switch run := cmd.RunE; {
	case !cmd.Runnable() && cmd.HasParent():
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		cmd.Use, cmd.DisableFlagsInUseLine = cmd.Name()+" COMMAND", true
	case run != nil && cmd.HasAvailableSubCommands():
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return nearly(cmd, args, run(cmd, args)) }
	}
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
		Check(sub)
	}
}

// nearly is the error of a command that takes arguments besides subcommands, with the
// subcommand that the first argument is almost the name of, unless it is a file's too.
func nearly(cmd *cobra.Command, args []string, err error) error {
	if err == nil || len(args) == 0 {
		return err
	}
	if _, missing := os.Lstat(args[0]); missing == nil {
		return err
	}
	if name := message.Closest(args[0], subcommands(cmd)); name != "" {
		return fmt.Errorf("%w; did you mean %s %s?", err, cmd.CommandPath(), name)
	}
	return err
}

// subcommands are the names of a command's subcommands.
func subcommands(cmd *cobra.Command) (names []string) {
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
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
