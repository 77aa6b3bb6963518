package kmnist

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Hash is the SHA-256 of all images and labels, in hexadecimal digits, whatever the
// data's name or location.
func (d Data) Hash() string {
	h := sha256.New()
	for _, s := range []Set{d.Train, d.Test} {
		binary.Write(h, binary.LittleEndian, [3]uint64{uint64(s.H), uint64(s.W), uint64(s.Len())}) //nolint:errcheck // a hash never fails
		h.Write(s.Images)
		h.Write(s.Labels)
	}
	return hex.EncodeToString(h.Sum(nil))
}
