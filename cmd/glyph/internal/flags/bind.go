package flags

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/models"
	"glyph/settings"
)

// Bind adds a flag for each of the settings, with its value in set as the
// default. Former names work too.
func Bind(fs *pflag.FlagSet, set *settings.Training, list []settings.Setting) {
	fs.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(settings.CurrentName(name))
	})
	for _, s := range list {
		switch p := s.At(set).(type) {
		case *int:
			fs.IntVar(p, s.Name, *p, s.Usage())
		case *uint64:
			fs.Uint64Var(p, s.Name, *p, s.Usage())
		case *float64:
			fs.Float64Var(p, s.Name, *p, s.Usage())
		case *string:
			fs.StringVar(p, s.Name, *p, s.Usage())
		case *[]int:
			fs.IntSliceVar(p, s.Name, nil, s.Usage())
		case *[]float64:
			fs.Var(&floatsValue{p}, s.Name, s.Usage())
			fs.Lookup(s.Name).DefValue = "" // not "[]"
		case *float32:
			fs.Var(&singleValue{to: p, given: float64(*p)}, s.Name, s.Usage())
		case **float64:
			fs.Var(&optionalValue{p, s.Unset}, s.Name, s.Help)
		default:
			panic(fmt.Sprintf("setting %s is a %T, for which there is no flag", s.Name, p))
		}
	}
}

// Named is an error about a setting with the setting's flag.
func Named(err error) error {
	var wrong *models.SettingError
	if errors.As(err, &wrong) {
		return fmt.Errorf("--%w", err)
	}
	return err
}

// SayInert notes which settings of the command line have no effect on the
// training. Those of a config file are skipped, since it has them all.
func SayInert(cmd *cobra.Command, set *settings.Training) {
	for _, s := range settings.Of(settings.Optimisation) {
		flag := cmd.Flags().Lookup(s.Name)
		if flag != nil && flag.Changed && !fromConfig(flag) && s.Acts != nil && !s.Acts(set.Recipe) {
			fmt.Fprintf(cmd.ErrOrStderr(), "note: --%s has no effect with --optimizer %s\n", s.Name, set.Optimizer)
		}
	}
}
