package runs_test

import (
	"fmt"
	"log"

	"glyph/cpu"
	"glyph/runs"
)

// A run is opened, its figures are looked at, and its network recognises an image.
func ExampleOpen() {
	run, err := runs.Open("testdata/old/finished")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s, %s after %d epochs, %.0f %% of the test images\n", run.Name, run.Model, run.State, run.Epoch, 100**run.TestAccuracy)

	b := cpu.New[float32](0)
	defer b.Close()
	p, err := run.Predictor(b, 1)
	if err != nil {
		log.Fatal(err)
	}
	image := make([]uint8, 28*28) // a bar in the rows 16 and 17, as class 8 has
	for i := 16 * 28; i < 18*28; i++ {
		image[i] = 255
	}
	rows, err := p.Probabilities(image)
	if err != nil {
		log.Fatal(err)
	}
	best := 0
	for class, probability := range rows[0] {
		if probability > rows[0][best] {
			best = class
		}
	}
	fmt.Println("the bar is of class", best)
	// Output:
	// finished: mlp, finished after 30 epochs, 50 % of the test images
	// the bar is of class 8
}

// Runs are listed, and those of a kind sorted.
func ExampleList() {
	list, err := runs.List("testdata/old")
	if err != nil {
		log.Fatal(err)
	}
	column, _ := runs.FindColumn("test")
	list = runs.Filter(list, "state", "finished")
	runs.Sort(list, column)
	for _, r := range list {
		fmt.Println(r.Name, column.Text(r))
	}
	// Output:
	// fromweights 55.00 %
	// finished 50.00 %
	// early 40.00 %
}
