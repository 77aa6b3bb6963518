package usage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/internal/message"
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

// guess is the error with a guess at what the whole command line meant.
func (e *extraArgs) guess(line []string) error {
	names := subcommands(e.cmd)
	if name := message.Closest(e.args[0], names); name != "" {
		return fmt.Errorf("%w; did you mean %s %s?", e, e.cmd.CommandPath(), name)
	}
	if e.isCommand() {
		return fmt.Errorf("%w; commands are %s", e, strings.Join(names, ", "))
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
