package tensorboard

import (
	"math"
	"slices"
	"sort"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of an Event: tensorflow/core/util/event.proto.
type field func(b []byte) []byte

// event is an Event: wall_time = 1, step = 2, and one of file_version = 3,
// summary = 5, session_log = 7.
func event(at time.Time, step int64, what field) []byte {
	b := double(nil, 1, float64(at.UnixNano())/1e9)
	b = protowire.AppendTag(b, 2, protowire.VarintType)
	b = protowire.AppendVarint(b, uint64(step))
	return what(b)
}

func fileVersion() field {
	return func(b []byte) []byte { return message(b, 3, []byte("brain.Event:2")) }
}

// sessionStart is SessionLog{status: START}: events of other files at this step
// or later no longer count.
func sessionStart() field {
	return func(b []byte) []byte {
		log := protowire.AppendTag(nil, 1, protowire.VarintType)
		return message(b, 7, protowire.AppendVarint(log, 1))
	}
}

// summary is Summary{value: {tag = 1, and the field of what it is}}.
func summary(tag string, value field) field {
	return func(b []byte) []byte {
		return message(b, 5, message(nil, 1, value(message(nil, 1, []byte(tag)))))
	}
}

// scalar is Value.simple_value = 2.
func scalar(v float64) field {
	return func(b []byte) []byte {
		b = protowire.AppendTag(b, 2, protowire.Fixed32Type)
		return protowire.AppendFixed32(b, math.Float32bits(float32(v)))
	}
}

// image is Value.image = 4: height = 1, width = 2, colorspace = 3 (RGB), PNG = 4.
func image(png []byte, width, height int) field {
	return func(b []byte) []byte {
		var m []byte
		for i, v := range []int{height, width, 3} {
			m = protowire.AppendTag(m, protowire.Number(i+1), protowire.VarintType)
			m = protowire.AppendVarint(m, uint64(v))
		}
		return message(b, 4, message(m, 4, png))
	}
}

// histogram is Value.histo = 5, HistogramProto: min = 1, max = 2, num = 3,
// sum = 4, sum_squares = 5, bucket_limit = 6 (upper ends), bucket = 7 (counts).
func histogram(values []float32) field {
	limits := edges()
	counts := make([]float64, len(limits))
	least, most, sum, squares := math.Inf(1), math.Inf(-1), 0.0, 0.0
	for _, v := range values {
		x := float64(v)
		least, most, sum, squares = min(least, x), max(most, x), sum+x, squares+x*x
		counts[sort.Search(len(limits)-1, func(i int) bool { return x < limits[i] })]++
	}
	first := slices.IndexFunc(counts, func(c float64) bool { return c > 0 })
	last := len(counts) - 1
	for last > 0 && counts[last] == 0 {
		last--
	}
	if first < 0 {
		first, last, least, most = 0, 0, 0, 0
	}
	return func(b []byte) []byte {
		m := double(nil, 1, least)
		m = double(m, 2, most)
		m = double(m, 3, float64(len(values)))
		m = double(m, 4, sum)
		m = double(m, 5, squares)
		m = packed(m, 6, limits[first:last+1])
		return message(b, 5, packed(m, 7, counts[first:last+1]))
	}
}

// edges are the upper ends of buckets that grow by a tenth, as TensorFlow's do.
func edges() []float64 {
	var up []float64
	for v := 1e-12; v < 1e20; v *= 1.1 {
		up = append(up, v)
	}
	all := make([]float64, 0, 2*len(up)+2)
	for i := len(up) - 1; i >= 0; i-- {
		all = append(all, -up[i])
	}
	all = append(all, 0)
	all = append(all, up...)
	return append(all, math.MaxFloat64)
}

func message(b []byte, number protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), m)
}

func double(b []byte, number protowire.Number, v float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, number, protowire.Fixed64Type), math.Float64bits(v))
}

func packed(b []byte, number protowire.Number, values []float64) []byte {
	var m []byte
	for _, v := range values {
		m = protowire.AppendFixed64(m, math.Float64bits(v))
	}
	return message(b, number, m)
}
