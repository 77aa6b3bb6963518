// Command glyph trains neural networks on KMNIST and looks at what they
// learned. Run glyph help for its commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// errInterrupted ends a training that Ctrl-C stopped and that was saved.
var errInterrupted = errors.New("interrupted")

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes a command line and returns the exit status: 0, 1 after an
// error, 2 after a mistake of this program, 130 after an interruption.
func run(args []string, out, errOut io.Writer) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once

	defer func() {
		if p := recover(); p != nil && os.Getenv("GLYPH_TRACE") == "" {
			fmt.Fprintf(errOut, "glyph: this is a mistake in glyph itself, please report it: %v (GLYPH_TRACE=1 shows where)\n", p)
			status = 2
		} else if p != nil {
			panic(p)
		}
	}()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errInterrupted):
		return 130
	}
	fmt.Fprintf(errOut, "%s: %v\n", cmd.CommandPath(), err)
	return 1
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "glyph",
		Short: "Train neural networks on Kuzushiji characters",
		Long: `Glyph trains MLPs and CNNs on KMNIST, 28×28 images of handwritten classical
Japanese characters.`,
		SilenceUsage:       true,
		SilenceErrors:      true,
		DisableSuggestions: true, // an error is one line
		CompletionOptions:  cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError(err) })
	root.AddCommand(newTrain(), newRuns(), newWatch(), newReport(), newEval(), newData(), newSummary(), newDevices(), newCompare(), newBench(), newGradcheck(),
		newPredict(), newServe(), newPlot(), newExport(), newImport(), newStudy())
	for _, cmd := range root.Commands() {
		sayUse(cmd)
	}
	return root
}

// sayUse ends the errors about a command's arguments, and its subcommands', with
// what the arguments are.
func sayUse(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return fmt.Errorf("%w; use it as: %s", err, strings.TrimSuffix(cmd.UseLine(), " [flags]"))
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		sayUse(sub)
	}
}
