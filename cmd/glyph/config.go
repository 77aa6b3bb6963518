package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"

	"glyph/internal/message"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// addConfig gives a command --config FILE.toml, whose keys are the names of the
// command's flags. A flag on the command line wins over the file.
func addConfig(cmd *cobra.Command) {
	cmd.Flags().String("config", "", "TOML `file` with values for these flags, by the same names")
}

// readConfig sets the flags that the file names and the command line does not.
func readConfig(cmd *cobra.Command) error {
	file, _ := cmd.Flags().GetString("config")
	if file == "" {
		return nil
	}
	values := map[string]any{}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("--config %s: %v", file, message.Cause(err))
	}
	if _, err := toml.Decode(string(text), &values); err != nil {
		return fmt.Errorf("--config %s: %s", file, strings.TrimPrefix(err.Error(), "toml: "))
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		flag := cmd.Flags().Lookup(name)
		if flag == nil || name == "config" || name == "help" {
			return fmt.Errorf("--config %s: unknown key %q; keys are %s", file, name, strings.Join(flagNames(cmd), ", "))
		}
		if flag.Changed {
			continue
		}
		text, err := flagText(values[name])
		if err == nil {
			err = cmd.Flags().Set(name, text)
		}
		if err != nil {
			return fmt.Errorf("--config %s: %s = %v: want %s", file, name, values[name], wanted(flag))
		}
	}
	return nil
}

// flagText is a TOML value as it would stand on a command line.
func flagText(v any) (string, error) {
	switch v := v.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			text, err := flagText(e)
			if err != nil {
				return "", err
			}
			parts[i] = text
		}
		return strings.Join(parts, ","), nil
	case map[string]any, []map[string]any:
		return "", errors.New("a table")
	}
	return fmt.Sprint(v), nil
}

func flagNames(cmd *cobra.Command) (names []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "config" && f.Name != "help" {
			names = append(names, f.Name)
		}
	})
	return names
}

// flagError is a mistake on the command line without the words of the parser.
func flagError(err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return fmt.Errorf("--%s %s: want %s", invalid.GetFlag().Name, invalid.GetValue(), wanted(invalid.GetFlag()))
	}
	return err
}

// wanted says what a flag takes.
func wanted(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number of at least 0"
	case "float64":
		return "a number"
	case "intSlice":
		return "whole numbers with commas between them"
	case "float64Slice":
		return "numbers with commas between them"
	case "bool":
		return "true or false"
	}
	return "text"
}
