// Package message formats what messages all over the module have in common: numbers
// with separators, plurals, quoting, and errors without redundant prefixes.
package message

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// Thousands writes 1234567 as 1,234,567.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count is a number of things, with the plural in s or es: "1 seed", "3,000 trials",
// "10 classes".
func Count(n int, what string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(what, "s"):
		what += "es"
	default:
		what += "s"
	}
	return Thousands(n) + " " + what
}

// Cause is an error without the operation and the path that the surrounding message
// already names.
func Cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
