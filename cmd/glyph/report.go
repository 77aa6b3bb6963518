package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"glyph"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/report"
	"glyph/runs/tensorboard"
)

func newReport() *cobra.Command {
	var data string
	var backend backendFlags
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Write a run's report.html again",
		Long: `Evaluate a run and write its report: one page that needs no network, with curves,
the confusion matrix, each class, the worst mistakes, filters, settings and speed.
glyph train writes it at the end of every run.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := runs.OpenWeights(args[0])
			if err != nil {
				return err
			}
			if s.Dir == "" {
				return fmt.Errorf("%s is a weights file: a report is of a run's directory", args[0])
			}
			dev, err := backend.open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // reading has told of device errors
			if data == "" {
				data = s.Data
			}
			path, err := writeReport(cmd.Context(), dev, s, data, nil)
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "report   %s\n", message.Quote(path))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "kmnist, synthetic, or a `directory` with four files in MNIST's format (default: what the weights were trained on)")
	backend.add(cmd.Flags(), "auto")
	return cmd
}

// writeReport evaluates a run and writes its page, its figures and, where there
// is one, the pictures of its TensorBoard.
func writeReport(ctx context.Context, b glyph.Backend, s *runs.Weights, data string, board *tensorboard.Writer) (path string, err error) {
	source, err := openData(ctx, data, "")
	if err != nil {
		return "", err
	}
	a, err := analyse(ctx, b, s, source)
	if err != nil {
		return "", err
	}
	sum, err := summaryOf(s)
	if err != nil {
		return "", err
	}
	list, err := figures(s, a)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Join(s.Dir, runs.PlotsDir), 0o777); err != nil {
		return "", err
	}
	r := report.Report{
		Title: fmt.Sprintf("%s: %.2f %% of %s test images", filepath.Base(s.Dir), 100*a.accuracy, message.Thousands(a.data.Test.Len())),
		Facts: facts(sum, a), Settings: settings(s),
		Classes: report.Classes(a.confusion, func(c int) (symbol, name string) { return a.classes[c].Symbol, a.classes[c].Name }),
	}
	for _, f := range list {
		picture := report.Figure{Name: f.name, Caption: captions[f.name]}
		var vector, pixels bytes.Buffer
		if f.name == "curves" || f.name == "confusion" {
			if err := f.Write(&vector, "svg"); err != nil {
				return "", err
			}
			picture.SVG = vector.String()
		}
		if err := f.Write(&pixels, "png"); err != nil {
			return "", err
		}
		if err := atomicfile.WriteFile(filepath.Join(s.Dir, runs.PlotsDir, f.name+".png"), pixels.Bytes()); err != nil {
			return "", err
		}
		if picture.SVG == "" {
			picture.PNG = pixels.Bytes()
		}
		r.Figures = append(r.Figures, picture)
		if board != nil && (f.name == "confusion" || f.name == "mistakes") {
			size, err := png.DecodeConfig(bytes.NewReader(pixels.Bytes()))
			if err != nil {
				return "", err
			}
			board.Image(f.name, int64(sum.LastStep()), pixels.Bytes(), size.Width, size.Height)
		}
	}
	if r.Network, err = models.Summary(s.Spec); err != nil {
		return "", err
	}
	for _, e := range sum.History {
		r.Timings = append(r.Timings, report.Timing{Epoch: e.Epoch, Images: e.Images, ImagesPerSecond: e.ImagesPerSecond})
	}
	var page bytes.Buffer
	if err := report.Write(&page, r); err != nil {
		return "", err
	}
	path = filepath.Join(s.Dir, runs.ReportFile)
	return path, atomicfile.WriteFile(path, page.Bytes())
}

// captions are the headings of figures.
var captions = map[string]string{
	"curves": "Loss and accuracy", "confusion": "What was taken for what", "mistakes": "The surest mistakes",
	"filters": "Weights of the first layer", "classes": "Examples of each character",
}

// facts are the outcome and where it came from.
func facts(s runs.Summary, a analysis) []report.Fact {
	list := []report.Fact{
		{Name: "test accuracy", Value: fmt.Sprintf("%.2f %%", 100*a.accuracy)},
		{Name: "test loss", Value: fmt.Sprintf("%.4f", a.loss)},
	}
	add := func(name, value string) { list = append(list, report.Fact{Name: name, Value: value}) }
	if s.Epochs > 0 {
		add("epochs", fmt.Sprintf("%d, weights of epoch %d", s.Epochs, s.BestEpoch))
		add("training loss", fmt.Sprintf("%.4f", s.TrainLoss))
		add("data", s.DataSource)
		add("images", fmt.Sprintf("%s to train, %s held out, %s to test", message.Thousands(s.TrainImages), message.Thousands(s.ValidationImages), message.Thousands(s.TestImages)))
		add("trained in", fmt.Sprintf("%v, %s images/s", message.Duration(time.Duration(s.Seconds*float64(time.Second))), message.Thousands(int(s.ImagesPerSecond))))
		device := s.Device
		if s.Kernels != "" {
			device += ", " + s.Kernels
		}
		add("device", fmt.Sprintf("%s: %s", s.Backend, device))
	}
	add("machine", fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()))
	add("versions", versions())
	return list
}

// versions are those of the program.
func versions() string {
	text := runtime.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				text = fmt.Sprintf("glyph %.12s, %s", s.Value, text)
			}
		}
	}
	return text
}

// settings are the run's flags.
func settings(s *runs.Weights) (list []report.Fact) {
	r, err := runs.Open(s.Dir)
	if err != nil { // a run that was imported has none
		return nil
	}
	for name, value := range r.Config {
		list = append(list, report.Fact{Name: name, Value: runs.Setting(value)})
	}
	slices.SortFunc(list, func(a, b report.Fact) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	return list
}
