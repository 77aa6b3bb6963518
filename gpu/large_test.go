//go:build cgo && large

package gpu

import (
	"testing"

	"glyph"
)

// A data set of over 2 GiB is read to its end. It takes that memory twice and a
// hardware GPU whose storage blocks are that large: Mesa's software renderers take an
// index for a signed number and end the process.
//
//	go test -tags large -run Over2GiB ./gpu
func TestDataSetOver2GiB(t *testing.T) {
	const images, side = 2200, 1024
	b := open(t)
	switch limit, free := b.device.Limits.StorageBlock, b.device.MemoryFree; {
	case b.Software():
		cannot(t, "a software renderer takes no data set over 2 GiB")
	case limit < images*side*side:
		cannot(t, "this device takes data sets of "+bytesText(limit)+" at most")
	case free > 0 && free < 2*images*side*side:
		cannot(t, "only "+bytesText(free)+" are free")
	}
	bytes := make([]byte, images*side*side)
	for i := range side * side {
		bytes[(images-1)*side*side+i] = byte(i%251 + 1)
	}
	mean, scale := glyph.NewTensor(b, glyph.Shape{1}), glyph.NewTensor(b, glyph.Shape{1})
	b.Write(scale, []float32{1})
	labels := make([]byte, images)
	labels[images-1] = 3
	set := glyph.Dataset{Images: b.Upload(bytes), Labels: b.Upload(labels), Shape: glyph.Shape{images, side, side, 1}, Mean: mean, Scale: scale}
	order, clock := b.AllocInts(1), b.AllocInts(glyph.ClockLen)
	b.WriteInts(order, []int32{images - 1})
	x, y := glyph.NewTensor(b, glyph.Shape{1, side, side, 1}), glyph.NewTensor(b, glyph.Shape{1, 10})
	for name, gather := range map[string]func(){
		"Gather":          func() { b.Gather(x, y, set, order, clock, 0) },
		"GatherAugmented": func() { b.GatherAugmented(x, y, set, order, clock, 0, glyph.Augmentation{}, 1) },
	} {
		got := make([]float32, side*side)
		gather()
		if err := b.Read(got, x); err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			if v != float32(i%251+1) {
				t.Fatalf("%s: pixel %d is %v", name, i, v)
			}
		}
	}
}
