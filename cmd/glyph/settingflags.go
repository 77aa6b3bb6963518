package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/device"
	"glyph/models"
	"glyph/settings"
)

// bind adds a flag for each of the settings, with its value in set as the
// default. Former names are taken too.
func bind(flags *pflag.FlagSet, set *settings.Training, list []settings.Setting) {
	flags.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(settings.CurrentName(name))
	})
	for _, s := range list {
		switch p := s.At(set).(type) {
		case *int:
			flags.IntVar(p, s.Name, *p, s.Usage())
		case *uint64:
			flags.Uint64Var(p, s.Name, *p, s.Usage())
		case *float64:
			flags.Float64Var(p, s.Name, *p, s.Usage())
		case *string:
			flags.StringVar(p, s.Name, *p, s.Usage())
		case *[]int:
			flags.IntSliceVar(p, s.Name, nil, s.Usage())
		case *[]float64:
			flags.Var(&floatsValue{p}, s.Name, s.Usage())
			flags.Lookup(s.Name).DefValue = "" // not "[]"
		case *float32:
			flags.Var(&singleValue{to: p, given: float64(*p)}, s.Name, s.Usage())
		case **float64:
			flags.Var(&optionalValue{p, s.Unset}, s.Name, s.Help)
		default:
			panic(fmt.Sprintf("setting %s is a %T, for which there is no flag", s.Name, p))
		}
	}
}

// floatsValue is a flag of a list of numbers. That of pflag prints six digits.
type floatsValue struct{ to *[]float64 }

func (v *floatsValue) Type() string { return "float64Slice" }

func (v *floatsValue) String() string {
	parts := make([]string, len(*v.to))
	for i, x := range *v.to {
		parts[i] = floatText(x)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func (v *floatsValue) Set(text string) error {
	list := []float64{}
	for part := range strings.SplitSeq(text, ",") {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return err
		}
		list = append(list, x)
	}
	*v.to = list
	return nil
}

// singleValue is a flag of a float32, which keeps the number that was given.
type singleValue struct {
	to    *float32
	given float64
}

func (v *singleValue) Type() string   { return "float64" }
func (v *singleValue) String() string { return floatText(v.given) }

func (v *singleValue) Set(text string) error {
	x, err := strconv.ParseFloat(text, 64)
	if err == nil {
		v.given, *v.to = x, float32(x)
	}
	return err
}

// optionalValue is a flag of a number that may be left to something else.
type optionalValue struct {
	to    **float64
	unset string
}

func (v *optionalValue) Type() string { return "float64" }

func (v *optionalValue) String() string {
	if v.to == nil || *v.to == nil {
		return v.unset
	}
	return floatText(**v.to)
}

func (v *optionalValue) Set(text string) error {
	x, err := strconv.ParseFloat(text, 64)
	if err == nil {
		*v.to = &x
	}
	return err
}

func floatText(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// flagged is an error about a setting with the setting's flag.
func flagged(err error) error {
	var wrong *models.SettingError
	if errors.As(err, &wrong) {
		return fmt.Errorf("--%w", err)
	}
	return err
}

// sayInert tells which settings of the command line make no difference to the
// training. Those of a config file are passed over: it has them all.
func sayInert(cmd *cobra.Command, set *settings.Training) {
	for _, s := range settings.Of(settings.Optimisation) {
		flag := cmd.Flags().Lookup(s.Name)
		if flag != nil && flag.Changed && !fromConfig(flag) && s.Acts != nil && !s.Acts(set.Recipe) {
			fmt.Fprintf(cmd.ErrOrStderr(), "note: --%s makes no difference with --optimizer %s\n", s.Name, set.Optimizer)
		}
	}
}

// addCompletion lets a shell complete what flags of a command, and of those
// below it, can be set to.
func addCompletion(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		addCompletion(sub)
	}
	complete := func(name string, values func() []string, directive cobra.ShellCompDirective) {
		if cmd.Flags().Lookup(name) != nil {
			cmd.RegisterFlagCompletionFunc(name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) { //nolint:errcheck // the flag is there
				return values(), directive
			})
		}
	}
	for _, s := range settings.All() {
		if s.Values != nil {
			complete(s.Name, s.Values, cobra.ShellCompDirectiveNoFileComp)
		}
	}
	complete("backend", device.Kinds, cobra.ShellCompDirectiveNoFileComp)
	complete("data", dataNames, cobra.ShellCompDirectiveDefault)
	complete("config", func() []string { return []string{"toml"} }, cobra.ShellCompDirectiveFilterFileExt)
	for _, name := range []string{"resume", "out"} {
		complete(name, func() []string { return nil }, cobra.ShellCompDirectiveDefault)
	}
}

// dataNames are the names that --data takes beside directories: these and what
// lies in the current directory.
func dataNames() []string {
	names := []string{"auto", "kmnist", "synthetic"}
	entries, _ := os.ReadDir(".")
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, "./"+e.Name())
		}
	}
	return names
}
