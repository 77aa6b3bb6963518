// Command glyph trains neural networks on KMNIST and inspects what they
// learned. Run glyph help for its commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/interrupt"
	"glyph/cmd/glyph/internal/usage"
	"glyph/internal/message"
	"glyph/internal/version"
)

// errInterrupted ends a command that Ctrl-C stopped and that has said so.
var errInterrupted = errors.New("interrupted")

func init() { cobra.EnableCommandSorting = false } // the groups have an order

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes a command line and returns the exit status: 0, 1 after an
// error, 2 after a bug in this program, 130 after an interruption. No control
// sequence reaches the terminal but those that package terminal writes.
func run(args []string, out, errOut io.Writer) (status int) {
	safeOut, safeErr := message.NewWriter(out), message.NewWriter(errOut)
	defer safeErr.Flush() //nolint:errcheck // an output that is gone stops nothing
	defer safeOut.Flush() //nolint:errcheck // as above
	return execute(context.Background(), args, safeOut, safeErr)
}

// execute is run without the escaping of output, until ctx is done.
func execute(ctx context.Context, args []string, out, errOut io.Writer) (status int) {
	defer func() {
		if p := recover(); p != nil && os.Getenv("GLYPH_TRACE") == "" {
			fmt.Fprintf(errOut, "glyph: this is a bug in glyph, please report it: %s (GLYPH_TRACE=1 shows where)\n", message.Escape(fmt.Sprint(p)))
			status = 2
		} else if p != nil {
			panic(p)
		}
	}()
	stops := interrupt.Watch(ctx)
	defer stops.Stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	cmd, err := root.ExecuteContextC(stops.Soft)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errInterrupted):
		return 130
	case errors.Is(err, context.Canceled) && stops.Soft.Err() != nil:
		text := strings.ReplaceAll(err.Error(), context.Canceled.Error(), "interrupted")
		fmt.Fprintf(errOut, "%s: %s\n", cmd.CommandPath(), message.Escape(text))
		return 130
	}
	err = usage.Guess(err, args)
	fmt.Fprintf(errOut, "%s: %s\n", cmd.CommandPath(), message.Error(err))
	var more *explained
	if errors.As(err, &more) {
		fmt.Fprintf(errOut, "\n%s", more.lines)
	}
	return 1
}

// explained is an error followed by more than one line: a table, or a program to
// copy.
type explained struct {
	error
	lines string
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "glyph",
		Short: "Train neural networks on Kuzushiji characters",
		Long: `Glyph trains image classifiers, MLPs and CNNs, on any GPU with OpenGL 4.3 or on the
CPU: on KMNIST, 28×28 images of classical Japanese characters, or on your own data.`,
		SilenceUsage:          true,
		DisableFlagsInUseLine: true,
		SilenceErrors:         true,
		CompletionOptions:     cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE:                  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.Version = version.Text() + ", " + runtime.Version()
	root.SetVersionTemplate("glyph {{.Version}}\n")
	root.SetUsageFunc(usage.Page)
	root.SetHelpFunc(usage.Describe)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage.UnknownFlag(cmd, flags.ParseError(err)) })
	for _, g := range []struct {
		title    string
		commands []*cobra.Command
	}{
		{"Train", []*cobra.Command{newTrain(), newWatch(), newSweep(), newStudy()}},
		{"Look at runs", []*cobra.Command{newUI(), newRuns(), newEval(), newReport(), newPlot()}},
		{"Use a network", []*cobra.Command{newServe(), newPredict(), newExport(), newImport(), newSummary()}},
		{"Data", []*cobra.Command{newData()}},
		{"Backends", []*cobra.Command{newDevices(), newCompare(), newBench(), newGradcheck()}},
	} {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, cmd := range g.commands {
			cmd.GroupID = g.title
		}
		root.AddCommand(g.commands...)
	}
	root.SetHelpCommand(usage.Help(root))
	root.InitDefaultCompletionCmd()
	usage.Check(root)
	flags.Complete(root)
	return root
}
