package flags

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"
)

// ParseError is a parsing error of the command line, in plain words.
func ParseError(err error) error {
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
	case "duration":
		return "a time, such as 90s or 5m"
	}
	return "text"
}
