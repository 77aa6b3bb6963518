package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"glyph/backendtest"
	"glyph/cmd/glyph/internal/terminal"
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
	rows := [][]string{{"gradient of", "error"}}
	worst, bad := 0.0, 0
	for _, r := range results {
		verdict := ""
		if !r.OK() {
			verdict = "  not below 1e-10"
			bad++
		}
		worst = max(worst, r.Error)
		rows = append(rows, []string{r.Name, fmt.Sprintf("%.1e%s", r.Error, verdict)})
	}
	if _, err := fmt.Fprint(out, terminal.Table(rows, terminal.Width(out), false)); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d gradients are not below %.0e", bad, len(results), backendtest.MaxGradientError)
	}
	fmt.Fprintf(out, "all %d below %.0e; the largest is %.1e\n", len(results), backendtest.MaxGradientError, worst)
	return nil
}
