package flags

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/internal/message"
	"glyph/runs"
	"glyph/settings"
)

// AddConfig gives a command --config FILE.toml, whose keys are the names of the
// command's flags. A flag on the command line wins over the file.
func AddConfig(cmd *cobra.Command) {
	cmd.Flags().String("config", "", "TOML `file` with values for these flags, by the same names")
}

// notInConfig are the flags that say where to write and what to print, not what
// to train, and the recipe, whose settings a run's own config has one by one. A run's
// own config has none of them.
var notInConfig = []string{"config", "recipe", "resume", "out", "json", "report", "window", "help"}

// neverInConfig are flags that no config may set: they belong on the command line.
var neverInConfig = []string{"config", "resume", "window", "help"}

// ReadConfig sets the flags that the file of --config names and the command line
// does not. Unknown keys are an error, except for those in passedOver.
func ReadConfig(cmd *cobra.Command, passedOver ...string) error {
	file, _ := cmd.Flags().GetString("config")
	if file == "" {
		return nil
	}
	values, err := runs.ReadConfig(file)
	if err == nil {
		err = setFlags(cmd, values, neverInConfig, passedOver)
	}
	if err != nil {
		return fmt.Errorf("--config %s: %w", file, err)
	}
	return ownFiles(cmd, file)
}

// setFlags sets flags to the values of a config. It refuses the keys of refused.
func setFlags(cmd *cobra.Command, values map[string]any, refused, passedOver []string) error {
	named := map[string]string{} // keys by the flag's name now
	for _, key := range slices.Sorted(maps.Keys(values)) {
		name := settings.CurrentName(key)
		if other, twice := named[name]; twice {
			return fmt.Errorf("%s and %s are the same setting; leave one out", other, key)
		}
		named[name] = key
		flag := cmd.Flags().Lookup(name)
		switch {
		case slices.Contains(refused, name):
			return fmt.Errorf("%q can't be set in a config: it belongs on the command line; remove the line", key)
		case flag == nil && slices.Contains(passedOver, name):
			continue
		case flag == nil:
			keys := configKeys(cmd)
			if near := message.Closest(key, keys); near != "" {
				return fmt.Errorf("unknown key %q; did you mean %s?", key, near)
			}
			return fmt.Errorf("unknown key %q; keys are %s", key, strings.Join(keys, ", "))
		case flag.Changed:
			continue
		}
		text, err := flagText(values[key])
		if err == nil {
			err = cmd.Flags().Set(name, text)
		}
		if err != nil {
			return fmt.Errorf("%s = %v: want %s", key, values[key], wanted(flag))
		}
		flag.Annotations = map[string][]string{configAnnotation: {"yes"}}
	}
	return nil
}

// configAnnotation marks a flag that a config file has set.
const configAnnotation = "glyph_from_config"

func fromConfig(flag *pflag.Flag) bool { return flag.Annotations[configAnnotation] != nil }

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
	case float64:
		return floatText(v), nil
	case map[string]any, []map[string]any:
		return "", errors.New("a table")
	}
	return fmt.Sprint(v), nil
}

// configKeys are the names that a config can have.
func configKeys(cmd *cobra.Command) (names []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(neverInConfig, f.Name) && !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// ownFiles finds the files that a config names, such as the weights to start
// from, where they are now: a run's config names the copy in the run by its name
// alone, so that the run can be moved, and those of older versions by the place
// where the run was then.
func ownFiles(cmd *cobra.Command, config string) error {
	for flag, name := range map[string]string{"weights": runs.StartFile, "classes": runs.ClassesFile} {
		f := cmd.Flags().Lookup(flag)
		if f == nil || !fromConfig(f) || filepath.Base(f.Value.String()) != name {
			continue
		}
		if _, err := os.Stat(f.Value.String()); err == nil && f.Value.String() != name {
			continue
		}
		own := filepath.Join(filepath.Dir(config), name)
		if _, err := os.Stat(own); err != nil {
			continue // said when it is opened
		}
		if err := f.Value.Set(own); err != nil {
			return err
		}
	}
	return nil
}
