package flags

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"glyph/internal/message"
	"glyph/runs"
)

// Latest is the name of the run in RunsDir that was started last.
const Latest = "latest"

// FindRun is the path of a run that a user named: a path that exists, Latest, or the
// bare name of a run in RunsDir. Any other path stays as it is, for the error that
// opening it gives; a bare name that is none of these is an error here.
func FindRun(name string) (string, error) {
	if _, err := os.Lstat(name); err == nil || name == "" || filepath.Base(name) != name {
		return name, nil
	}
	if name == Latest {
		return latest()
	}
	there := filepath.Join(RunsDir, name)
	if info, err := os.Stat(there); err == nil && info.IsDir() {
		return there, nil
	}
	if near := message.Closest(name, append(runNames(), Latest)); near != "" {
		return "", fmt.Errorf("there is no run or file %s; did you mean %s?", message.Quote(name), message.Quote(near))
	}
	return "", fmt.Errorf("there is no run or file %s; glyph runs lists the runs", message.Quote(name))
}

// latest is the path of the newest run. Runs that can't be read are passed over.
func latest() (string, error) {
	list, err := runs.List(RunsDir)
	if err != nil && list == nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: %w", Latest, err)
	}
	if len(list) == 0 {
		return "", fmt.Errorf("%s: there is no run in the directory %s; glyph train makes one", Latest, RunsDir)
	}
	started, _ := runs.FindColumn("started")
	runs.Sort(list, started)
	return list[0].Dir, nil
}

// runNames are the directories in RunsDir.
func runNames() (names []string) {
	entries, _ := os.ReadDir(RunsDir) // without it there are none
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}

// TakesRuns lets the first n arguments of a command, or all with n < 0, be runs as
// [FindRun] takes them, and completes them in a shell.
func TakesRuns(cmd *cobra.Command, n int) {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		found := append([]string(nil), args...)
		for i := range found {
			if n >= 0 && i >= n {
				break
			}
			var err error
			if found[i], err = FindRun(found[i]); err != nil {
				return err
			}
		}
		return run(cmd, found)
	}
	cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if n >= 0 && len(args) >= n {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return completedRuns(), cobra.ShellCompDirectiveDefault
	}
}

// completedRuns are the names that a shell completes a run to.
func completedRuns() []string {
	names := runNames()
	if names != nil {
		names = append(names, Latest)
	}
	return names
}
