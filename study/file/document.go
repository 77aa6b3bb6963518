package file

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"glyph/internal/filetype"
	"glyph/internal/message"
)

// MaxSize is the largest file, in bytes.
const MaxSize = 64 << 10

// table is a table of a document: its keys with their values, and the lines that
// they stand on.
type table struct {
	path   string // of the table in the document, such as vary[1].choice[0]
	values map[string]any
	lines  map[string]int // of the whole document, by path
}

// parse reads TOML. Its error is one line, with the number of the line.
func parse(text []byte) (table, error) {
	if len(text) > MaxSize {
		return table{}, fmt.Errorf("is larger than the %s bytes that such a file may have%s", message.Thousands(MaxSize), filetype.Hint(text, filetype.TOML, filetype.Text))
	}
	t := table{values: map[string]any{}, lines: map[string]int{"": 1}}
	if err := toml.Unmarshal(text, &t.values); err != nil {
		hint := filetype.Hint(text, filetype.TOML, filetype.Text)
		var broken *toml.DecodeError
		if errors.As(err, &broken) {
			line, _ := broken.Position()
			return table{}, fmt.Errorf("line %d: %s%s", line, message.Quote(strings.TrimPrefix(err.Error(), "toml: ")), hint)
		}
		return table{}, errors.New(message.Quote(strings.TrimPrefix(err.Error(), "toml: ")) + hint)
	}
	t.locate(text)
	return t, nil
}

// locate notes the line of every key.
func (t table) locate(text []byte) {
	var p unstable.Parser
	p.Reset(text)
	prefix, counts := "", map[string]int{}
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			names, line := keys(&p, e)
			prefix = ""
			for i, name := range names {
				prefix = join(prefix, name)
				last := i == len(names)-1
				if last && e.Kind == unstable.ArrayTable {
					counts[prefix]++
				}
				if n := counts[prefix]; n > 0 {
					prefix += fmt.Sprintf("[%d]", n-1)
				}
			}
			t.lines[prefix] = line
		case unstable.KeyValue:
			t.locatePair(&p, e, prefix)
		}
	}
}

// locatePair notes the line of a key, and of those in its value.
func (t table) locatePair(p *unstable.Parser, e *unstable.Node, prefix string) {
	names, line := keys(p, e)
	path := prefix
	for _, name := range names {
		if path = join(path, name); t.lines[path] == 0 {
			t.lines[path] = line
		}
	}
	t.locateValue(p, e.Value(), path)
}

func (t table) locateValue(p *unstable.Parser, v *unstable.Node, path string) {
	switch v.Kind {
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			t.locatePair(p, it.Node(), path)
		}
	case unstable.Array:
		i := 0
		for it := v.Children(); it.Next(); {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			t.locateValue(p, it.Node(), fmt.Sprintf("%s[%d]", path, i))
			i++
		}
	}
}

// keys are the parts of an expression's key, and its line.
func keys(p *unstable.Parser, e *unstable.Node) (names []string, line int) {
	for it := e.Key(); it.Next(); {
		if line == 0 {
			line = p.Shape(it.Node().Raw).Start.Line
		}
		names = append(names, string(it.Node().Data))
	}
	return names, line
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// fail makes an error about a key, or about the table itself for "". It names the line.
func (t table) fail(key, format string, args ...any) error {
	path := t.path
	if key != "" {
		path = join(path, key)
	}
	line := t.lines[path]
	if line == 0 { // the first of several tables, or a key that is missing
		line = t.lines[path+"[0]"]
	}
	if line == 0 {
		line = max(1, t.lines[t.path])
	}
	return fmt.Errorf("line %d: %w", line, fmt.Errorf(format, args...))
}

// has reports whether the table has a key.
func (t table) has(key string) bool { _, there := t.values[key]; return there }

// only fails for a key that is not among those known.
func (t table) only(known ...string) error {
	var unknown []string
	for key := range t.values {
		if !slices.Contains(known, key) {
			unknown = append(unknown, key)
		}
	}
	if unknown == nil {
		return nil
	}
	slices.SortFunc(unknown, func(a, b string) int {
		if d := t.lines[join(t.path, a)] - t.lines[join(t.path, b)]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	key := unknown[0]
	if near := message.Closest(key, known); near != "" {
		return t.fail(key, "unknown key %s; did you mean %s?", message.Clip(key), near)
	}
	return t.fail(key, "unknown key %s; keys here are %s", message.Clip(key), strings.Join(known, ", "))
}

// text reads a required string, which may not be empty.
func (t table) text(key string) (string, error) {
	v, there := t.values[key]
	if !there {
		return "", t.fail("", "%s is missing", key)
	}
	s, ok := v.(string)
	if !ok {
		return "", t.fail(key, "%s must be text in quotation marks, not %s", key, kindOf(v))
	}
	if strings.TrimSpace(s) == "" || strings.ContainsAny(s, "\n\r") {
		return "", t.fail(key, "%s must be one line of text", key)
	}
	return s, nil
}

// optional reads a string, or returns other if the key is missing.
func (t table) optional(key, other string) (string, error) {
	if !t.has(key) {
		return other, nil
	}
	return t.text(key)
}

// number reads a number, or returns other if the key is missing.
func (t table) number(key string, other float64) (float64, error) {
	v, there := t.values[key]
	if !there {
		return other, nil
	}
	x, ok := asNumber(v)
	if !ok || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, t.fail(key, "%s must be a number, not %s", key, kindOf(v))
	}
	return x, nil
}

// whole reads a whole number of at least 0, or returns 0 if the key is missing.
func (t table) whole(key string) (int, error) {
	v, there := t.values[key]
	if !there {
		return 0, nil
	}
	n, ok := v.(int64)
	if !ok || n < 0 || n > math.MaxInt32 {
		return 0, t.fail(key, "%s must be a whole number of at least 0, not %s", key, kindOf(v))
	}
	return int(n), nil
}

// truth reads a boolean, or returns false if the key is missing.
func (t table) truth(key string) (bool, error) {
	v, there := t.values[key]
	if !there {
		return false, nil
	}
	b, ok := v.(bool)
	if !ok {
		return false, t.fail(key, "%s must be true or false, not %s", key, kindOf(v))
	}
	return b, nil
}

// numbers reads a list of numbers, or one number.
func (t table) numbers(key string) (list []float64, err error) {
	values, isList := t.values[key].([]any)
	if !isList {
		values = []any{t.values[key]}
	}
	for _, v := range values {
		x, ok := asNumber(v)
		if !ok {
			return nil, t.fail(key, "%s must be numbers, not %s", key, kindOf(v))
		}
		list = append(list, x)
	}
	if len(list) == 0 {
		return nil, t.fail(key, "%s is empty", key)
	}
	return list, nil
}

// texts reads a list of strings, or one string.
func (t table) texts(key string) (list []string, err error) {
	if !t.has(key) {
		return nil, t.fail("", "%s is missing", key)
	}
	values, isList := t.values[key].([]any)
	if !isList {
		values = []any{t.values[key]}
	}
	for _, v := range values {
		s, ok := v.(string)
		if !ok {
			return nil, t.fail(key, "%s must be texts in quotation marks, not %s", key, kindOf(v))
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		return nil, t.fail(key, "%s is empty", key)
	}
	return list, nil
}

// table reads a table within the table, or returns an empty one if the key is missing.
func (t table) table(key string) (table, error) {
	sub := table{path: join(t.path, key), values: map[string]any{}, lines: t.lines}
	v, there := t.values[key]
	if !there {
		return sub, nil
	}
	values, ok := v.(map[string]any)
	if !ok {
		return sub, t.fail(key, "%s must be a table, [%[1]s], not %s", key, kindOf(v))
	}
	sub.values = values
	return sub, nil
}

// tables reads an array of tables within the table.
func (t table) tables(key string) (list []table, err error) {
	v, there := t.values[key]
	if !there {
		return nil, nil
	}
	values, ok := v.([]any)
	for i, e := range values {
		sub, isTable := e.(map[string]any)
		if ok = ok && isTable; !ok {
			break
		}
		list = append(list, table{path: fmt.Sprintf("%s[%d]", join(t.path, key), i), values: sub, lines: t.lines})
	}
	if !ok {
		return nil, t.fail(key, "%s must be tables, [[%[1]s]], not %s", key, kindOf(v))
	}
	return list, nil
}

func asNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// kindOf says what a value is, for a message.
func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		return "the text " + message.Clip(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date"
}
