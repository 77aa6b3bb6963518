package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"glyph/backendtest"
	"glyph/cpu"
	"glyph/models"
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
			results, err := checkGradients()
			if err != nil {
				return err
			}
			return reportGradients(cmd.OutOrStdout(), results)
		},
	}
}

// checkGradients compares the gradients of every operation and of small
// networks.
func checkGradients() ([]backendtest.GradientResult, error) {
	b := cpu.NewOracle(0)
	defer b.Close() //nolint:errcheck // the processor does not fail
	results := backendtest.GradientChecks(b)
	for _, n := range smallNetworks {
		r, err := backendtest.CheckNetworkGradient(b, n.name, n.spec, 3)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// smallNetworks is the presets in sizes whose whole gradient is checked in a
// second or two. (kmnist-benchmark has no small size; it is the layers of cnn.)
var smallNetworks = []struct {
	name string
	spec models.Spec
}{
	{"network linear", models.Spec{Model: "linear", Input: []int{5, 5, 1}, Classes: 4}},
	{"network linear, l2", models.Spec{Model: "linear", Input: []int{5, 5, 1}, Classes: 4, L2: 0.1}},
	{"network mlp", models.Spec{Model: "mlp", Input: []int{4, 4, 1}, Classes: 4, Hidden: []int{8, 6}, L2: 0.01}},
	{"network mlp, sigmoid", models.Spec{Model: "mlp", Input: []int{4, 4, 1}, Classes: 4, Hidden: []int{8, 6}, Activation: "sigmoid"}},
	{"network mlp, tanh, dropout", models.Spec{Model: "mlp", Input: []int{4, 4, 1}, Classes: 4, Hidden: []int{8, 6}, Activation: "tanh", Dropout: []float64{0.3}}},
	{"network cnn", models.Spec{Model: "cnn", Input: []int{8, 8, 1}, Classes: 4, Filters: []int{2, 3, 3}, Units: []int{5}, L2: 0.01}},
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
	fmt.Fprintf(out, "all %d below %.0e; the greatest is %.1e\n", len(results), backendtest.MaxGradientError, worst)
	return nil
}
