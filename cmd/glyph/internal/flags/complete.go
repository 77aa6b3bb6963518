package flags

import (
	"os"

	"github.com/spf13/cobra"

	"glyph/device"
	"glyph/settings"
)

// Complete registers shell completion for the values of the flags of a command and
// of its subcommands.
func Complete(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		Complete(sub)
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
	complete("recipe", settings.RecipeNames, cobra.ShellCompDirectiveNoFileComp)
	complete("backend", device.Kinds, cobra.ShellCompDirectiveNoFileComp)
	complete("data", dataNames, cobra.ShellCompDirectiveDefault)
	complete("config", func() []string { return []string{"toml"} }, cobra.ShellCompDirectiveFilterFileExt)
	for _, name := range []string{"resume", "weights"} {
		complete(name, completedRuns, cobra.ShellCompDirectiveDefault)
	}
	complete("out", func() []string { return nil }, cobra.ShellCompDirectiveDefault)
}

// dataNames are the names that --data takes besides directories.
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
