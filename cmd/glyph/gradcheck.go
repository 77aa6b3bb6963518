package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"glyph/backendtest"
	"glyph/cpu"
)

func newGradcheck() *cobra.Command {
	return &cobra.Command{
		Use:   "gradcheck",
		Short: "Compare every analytical gradient with a numerical one, in float64",
		Long: `Compare the gradients of every operation, activation and loss, of L2, and of
whole small networks with numerical ones from a central stencil, in float64 on
the CPU. The error is ‖analytical - numerical‖ / (‖analytical‖ + ‖numerical‖).
The exit status is 1 unless every one is below 1e-10.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			results, err := checkGradients(cmd.Context())
			if err != nil {
				return err
			}
			return reportGradients(cmd.OutOrStdout(), results)
		},
	}
}

// checkGradients compares all gradients on the oracle.
func checkGradients(ctx context.Context) ([]backendtest.GradientResult, error) {
	b := cpu.NewOracle(1) // the networks are too small to share
	defer b.Close()       //nolint:errcheck // the processor does not fail
	return backendtest.AllGradients(ctx, b)
}

// reportGradients prints the table and is an error unless all pass.
func reportGradients(out io.Writer, results []backendtest.GradientResult) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "gradient of\terror\t")
	worst, bad := 0.0, 0
	for _, r := range results {
		verdict := ""
		if !r.OK() {
			verdict = "  not below 1e-10"
			bad++
		}
		worst = max(worst, r.Error)
		fmt.Fprintf(w, "%s\t%.1e\t%s\n", r.Name, r.Error, verdict)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d gradients are not below %.0e", bad, len(results), backendtest.MaxGradientError)
	}
	fmt.Fprintf(out, "all %d below %.0e; the largest is %.1e\n", len(results), backendtest.MaxGradientError, worst)
	return nil
}
