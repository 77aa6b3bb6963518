// Package tensorboard writes event files that TensorBoard shows: scalars,
// histograms and images.
//
// A file is records (tensorflow/core/lib/io/record_writer.h):
//
//	length   uint64, little-endian
//	crc      uint32 of the length
//	data     length bytes: an Event of tensorflow/core/util/event.proto
//	crc      uint32 of the data
//
// where crc is CRC-32C, masked: rotated right by 15 bits, plus 0xa282ead8.
package tensorboard
