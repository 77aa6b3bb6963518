package review

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/internal/version"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/report"
	"glyph/runs/tensorboard"
	"glyph/train"
)

// WritePage writes the run's page and its figures into its directory and, where
// there is a board, the confusion matrix and the mistakes as its images. It
// returns the page's path.
func (r *Review) WritePage(board *tensorboard.Writer) (path string, err error) {
	dir := r.Weights.Dir
	list, command := settings(dir)
	page := report.Report{
		Title: fmt.Sprintf("%s: %.2f %% of %s", filepath.Base(dir), 100*r.Accuracy, message.Count(r.Data.Test.Len(), "test image")),
		Facts: r.facts(), Settings: list, Command: command,
		Classes: report.Classes(r.Confusion, func(c int) (symbol, name string) { return r.Classes[c].Symbol, r.Classes[c].Name }),
	}
	figures, err := r.Figures()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Join(dir, runs.PlotsDir), 0o777); err != nil {
		return "", err
	}
	for _, f := range figures {
		picture, err := r.draw(f, board)
		if err != nil {
			return "", err
		}
		page.Figures = append(page.Figures, picture)
	}
	if page.Network, err = models.Summary(r.Weights.Spec); err != nil {
		return "", err
	}
	for _, e := range r.Summary.History {
		page.Epochs = append(page.Epochs, report.Epoch{
			Epoch: e.Epoch, Images: e.Images, ImagesPerSecond: e.ImagesPerSecond, LR: float64(e.LR),
			TrainLoss: e.TrainLoss, TrainAccuracy: e.TrainAccuracy, ValidationLoss: e.ValidationLoss, ValidationAccuracy: e.ValidationAccuracy,
		})
	}
	var text bytes.Buffer
	if err := report.Write(&text, page); err != nil {
		return "", err
	}
	path = filepath.Join(dir, runs.ReportFile)
	return path, atomicfile.WriteFile(path, text.Bytes())
}

// draw writes a figure into the run and returns it as the page shows it, in the page's
// colours.
func (r *Review) draw(f Figure, board *tensorboard.Writer) (report.Figure, error) {
	picture := report.Figure{Name: f.Name, Caption: f.Caption}
	var pixels bytes.Buffer
	if err := f.Write(&pixels, "png"); err != nil {
		return picture, err
	}
	if err := atomicfile.WriteFile(filepath.Join(r.Weights.Dir, runs.PlotsDir, f.Name+".png"), pixels.Bytes()); err != nil {
		return picture, err
	}
	var err error
	if picture.SVG, err = f.Inline(); err != nil {
		return picture, err
	}
	for _, s := range f.Spots() {
		picture.Spots = append(picture.Spots, report.Spot(s))
	}
	if board != nil && (f.Name == "confusion" || f.Name == "mistakes") {
		size, err := png.DecodeConfig(bytes.NewReader(pixels.Bytes()))
		if err != nil {
			return picture, err
		}
		board.Image(f.Name, int64(r.Summary.LastStep()), pixels.Bytes(), size.Width, size.Height)
	}
	return picture, nil
}

// facts are the outcome and where it came from.
func (r *Review) facts() (list []report.Fact) {
	add := func(name, format string, values ...any) {
		list = append(list, report.Fact{Name: name, Value: fmt.Sprintf(format, values...)})
	}
	add("test accuracy", "%.2f %%", 100*r.Accuracy)
	if train.Unbalanced(r.Confusion) {
		add("balanced accuracy", "%.2f %%, the mean over the classes", 100*train.BalancedAccuracy(r.Confusion))
	}
	add("test loss", "%.4f", r.Loss)
	if s := r.Summary; s.Epochs > 0 {
		add("epochs", "%d, weights of epoch %d", s.Epochs, s.BestEpoch)
		add("training loss", "%.4f", s.TrainLoss)
		add("data", "%s", s.DataSource)
		add("images", "%s to train, %s to validate, %s to test", message.Thousands(s.TrainImages), message.Thousands(s.ValidationImages), message.Thousands(s.TestImages))
		add("trained in", "%v, %s images/s", message.Duration(time.Duration(s.Seconds*float64(time.Second))), message.Thousands(int(s.ImagesPerSecond)))
		device := s.Device
		if s.Kernels != "" {
			device += ", " + s.Kernels
		}
		add("device", "%s: %s", s.Backend, device)
	}
	add("machine", "%s/%s, %s", runtime.GOOS, runtime.GOARCH, message.Count(runtime.NumCPU(), "processor"))
	add("versions", "glyph %s, %s", version.Text(), runtime.Version())
	return list
}

// settings are the run's settings that acted, and the command that repeats it; a run that
// was imported has neither.
func settings(dir string) (list []report.Fact, command string) {
	r, err := runs.Open(dir)
	if err != nil || r.State == runs.Imported {
		return nil, ""
	}
	if name := r.RecipeName(); name != "" {
		list = append(list, report.Fact{Name: "recipe", Value: name})
	}
	for _, v := range r.Acting() {
		list = append(list, report.Fact{Name: v.Setting, Value: v.Text})
	}
	return list, message.Shell(append([]string{"glyph"}, r.Command()...)...)
}
