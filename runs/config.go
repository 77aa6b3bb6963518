package runs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"glyph/internal/filetype"
	"glyph/internal/message"
	"glyph/settings"
)

// MaxConfig is the largest config file, in bytes. The longest that glyph train
// writes, with paths of 4 KiB, stays below it.
const MaxConfig = 64 << 10

// configHeader begins every config file that glyph train writes.
const configHeader = "# Repeat this training with: glyph train --config THIS_FILE\n"

// ConfigEntry is a key of a config file with its value: a string, a bool, an
// int64, a uint64, a float64, or a list of int64 or of float64.
type ConfigEntry struct {
	Name  string
	Value any
}

// FormatConfig writes entries as TOML, in their order. [ParseConfig] reads every
// value back bit for bit: TOML's integers end at 2⁶³-1, so a greater one is
// written as a string. It fails for a string that is not UTF-8, which TOML can't
// hold.
func FormatConfig(entries []ConfigEntry) ([]byte, error) {
	b := bytes.NewBufferString(configHeader)
	for _, e := range entries {
		switch v := e.Value.(type) {
		case string:
			if !utf8.ValidString(v) {
				return nil, fmt.Errorf("%s is %s, which is not UTF-8 text and can't be recorded in %s", e.Name, message.Quote(v), ConfigFile)
			}
		case uint64:
			if v > math.MaxInt64 {
				e.Value = strconv.FormatUint(v, 10)
			}
		}
		if err := toml.NewEncoder(b).Encode(map[string]any{e.Name: e.Value}); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	return b.Bytes(), nil
}

// ReadConfig reads a config file. Its error does not name the file. In a config that
// glyph train wrote, validation is 0 where it is missing: older versions held no images
// out by default, and left it out.
func ReadConfig(path string) (map[string]any, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, message.Cause(err)
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, MaxConfig+1))
	if err != nil {
		return nil, message.Cause(err)
	}
	values, err := ParseConfig(text)
	if err == nil && strings.HasPrefix(string(text), configHeader) {
		values = withValidation(values)
	}
	return values, err
}

// ReadOwnConfig reads the config of a run's directory, as ReadConfig does, whatever it
// begins with.
func ReadOwnConfig(dir string) (map[string]any, error) {
	values, err := ReadConfig(filepath.Join(dir, ConfigFile))
	return withValidation(values), err
}

// withValidation adds what a run's config of an older version means by saying nothing.
func withValidation(values map[string]any) map[string]any {
	const name = "validation"
	for key := range values {
		if settings.CurrentName(key) == name {
			return values
		}
	}
	if values != nil {
		values[name] = 0.0
	}
	return values
}

// ParseConfig reads TOML: a value by each key. It also reads what older versions
// wrote that is not quite TOML. Its error is one line without control characters.
func ParseConfig(text []byte) (map[string]any, error) {
	if err := checkConfig(text); err != nil {
		return nil, err
	}
	values := map[string]any{}
	_, err := toml.Decode(string(text), &values)
	if err == nil {
		return values, nil
	}
	if old, ok := parseOldConfig(string(text)); ok {
		return old, nil
	}
	// The parser quotes what it found, but not everywhere.
	line, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "toml: "), "\n")
	return nil, errors.New(message.Quote(line) + filetype.Hint(text, filetype.TOML, filetype.Text))
}

// Limits of a config beside its size. The parser's time and memory grow with the
// square of the parts of a key and its stack with the depth of nesting, so both
// are counted before it sees the text. A list of 100 rates has 100 points.
const (
	maxConfigPoints = 1000
	maxConfigDepth  = 8
)

// checkConfig refuses input that would be too expensive to parse.
func checkConfig(text []byte) error {
	if len(text) > MaxConfig {
		return fmt.Errorf("is larger than the %s bytes that a config may have%s", message.Thousands(MaxConfig), filetype.Hint(text, filetype.TOML, filetype.Text))
	}
	points, depth := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'':
			i = endOfString(text, i)
		case '#':
			if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(text)
			}
		case '.':
			points++
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		}
		if points > maxConfigPoints || depth > maxConfigDepth {
			return errors.New("is nested too deeply: a config is a list of keys with one value each")
		}
	}
	return nil
}

// endOfString is where the TOML string that begins at i ends: the index of its
// last quotation mark, or of the last byte if it is unterminated.
func endOfString(text []byte, i int) int {
	quote := text[i : i+1]
	if triple := bytes.Repeat(quote, 3); bytes.HasPrefix(text[i:], triple) {
		quote = triple
	}
	for j := i + len(quote); j < len(text); j++ {
		switch {
		case text[j] == '\\' && quote[0] == '"':
			j++
		case len(quote) == 1 && text[j] == '\n': // an error that the parser tells
			return j
		case bytes.HasPrefix(text[j:], quote):
			return j + len(quote) - 1
		}
	}
	return len(text) - 1
}

// parseOldConfig reads what glyph train wrote before it wrote TOML throughout: a
// line for each flag, with its text in Go's quotation marks or as it is. Seeds
// above 2⁶³-1 and control characters were not valid TOML.
func parseOldConfig(text string) (map[string]any, bool) {
	body, ok := strings.CutPrefix(text, configHeader)
	if !ok {
		return nil, false
	}
	values := map[string]any{}
	for line := range strings.Lines(body) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " = ")
		if !ok || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return nil, false
		}
		if _, twice := values[name]; twice {
			return nil, false
		}
		v, ok := parseOldValue(value)
		if !ok {
			return nil, false
		}
		values[name] = v
	}
	return values, true
}

// parseOldValue reads one value of an old config.
func parseOldValue(text string) (any, bool) {
	if text, err := strconv.Unquote(text); err == nil {
		return text, utf8.ValidString(text)
	}
	if n, err := strconv.ParseUint(text, 10, 64); err == nil && n > math.MaxInt64 {
		return strconv.FormatUint(n, 10), true
	}
	var one struct{ Value any }
	if _, err := toml.Decode("Value = "+text, &one); err != nil || one.Value == nil {
		return nil, false
	}
	return one.Value, true
}
