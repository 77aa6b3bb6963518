package training_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"glyph/device"
	"glyph/kmnist"
	"glyph/runs"
	"glyph/runs/training"
	"glyph/settings"
	"glyph/train"
)

// A network is trained in a run's directory and interrupted. The run resumes where
// it stopped and ends as if it had never been interrupted.
func Example() {
	root, err := os.MkdirTemp("", "runs")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(root) //nolint:errcheck // in the system's temporary directory
	path := filepath.Join(root, "mlp")

	task := training.Task{Settings: settings.Default(), Data: kmnist.Synthetic(1, 200, 50)}
	task.Settings.Model, task.Settings.Hidden = "mlp", []int{16}
	task.Settings.Optimizer, task.Settings.Epochs = "adam", 3

	ctx, interrupt := context.WithCancel(context.Background())
	dir, err := runs.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	s := run(ctx, dir, task, func(e train.Epoch) { interrupt() }) // after the first epoch
	fmt.Printf("%d epochs, stopped: %t\n", s.Epochs, s.Stopped == train.Interrupted)

	if dir, err = runs.Reopen(path); err != nil {
		log.Fatal(err)
	}
	s = run(context.Background(), dir, task, nil)
	fmt.Printf("%d epochs, stopped: %t\n", s.Epochs, s.Stopped == train.Interrupted)
	opened, err := runs.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the run is", opened.State)
	// Output:
	// 1 epochs, stopped: true
	// 3 epochs, stopped: false
	// the run is finished
}

// run trains a task in a directory that was taken for it.
func run(ctx context.Context, dir *runs.Dir, task training.Task, epoch func(train.Epoch)) *runs.Summary {
	defer dir.Close()
	t, err := training.New(task)
	if err != nil {
		log.Fatal(err)
	}
	dev := device.OpenCPU()
	defer dev.Close() //nolint:errcheck // Train has told of device errors
	if err := t.Build(dev); err != nil {
		log.Fatal(err)
	}
	if err := t.Record(dir); err != nil {
		log.Fatal(err)
	}
	defer t.Close()
	t.Watch = func(r *train.Training) {
		recorded := r.Callbacks.Epoch
		r.Callbacks.Epoch = func(e train.Epoch) {
			recorded(e)
			if epoch != nil {
				epoch(e)
			}
		}
	}
	s, err := t.Train(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if err := t.Keep(s, false); err != nil {
		log.Fatal(err)
	}
	return s
}
