package kmnist_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"glyph/kmnist"
)

// Data for a training, without a download: a validation set is split off, and the
// pixels are normalised by the training images that remain.
func Example() {
	data := kmnist.Synthetic(kmnist.DefaultSeed, 1000, 200)
	train, validation, err := data.Train.Validation(0.1, 1)
	if err != nil {
		log.Fatal(err)
	}
	mean, scale := kmnist.Normalise(train, false)
	pixel := float32(data.Test.Image(0)[14*28+14])
	fmt.Println(train.Len(), "training images,", validation.Len(), "for validation,", data.Test.Len(), "test images")
	fmt.Println("label", data.Test.Labels[3], "is", data.Classes[3])
	fmt.Printf("x = (%v - %.1f)·%.4f = %.2f\n", pixel, mean[0], scale[0], (pixel-mean[0])*scale[0])
	// Output:
	// 900 training images, 100 for validation, 200 test images
	// label 3 is つ tsu
	// x = (159 - 50.4)·0.0107 = 1.17
}

// A data set of four files, whose classes are named in a fifth.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "data")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, content := range map[string]string{
		"train-images-idx3-ubyte": "\x00\x00\x08\x03\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x02" + "\x00\xff\xff\x00", // 2 images of 1×2
		"train-labels-idx1-ubyte": "\x00\x00\x08\x01\x00\x00\x00\x02" + "\x00\x01",
		"t10k-images-idx3-ubyte":  "\x00\x00\x08\x03\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x02" + "\xfe\x01",
		"t10k-labels-idx1-ubyte":  "\x00\x00\x08\x01\x00\x00\x00\x01" + "\x01",
		"classes.txt":             "right\nleft\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			log.Fatal(err)
		}
	}
	data, err := kmnist.Load(dir)
	if err != nil {
		log.Fatal(err)
	}
	for i, label := range data.Train.Labels {
		fmt.Println(data.Train.Image(i), data.Classes[label])
	}
	// Output:
	// [0 255] right
	// [255 0] left
}
