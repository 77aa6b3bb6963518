//go:build cgo

package gpu

// A long sum beside few results is cut into parts, which work groups of their own sum
// up. Where it is cut is in the bits of the result, so it follows from the product's
// shape alone, and from neither the tile nor the device, except that software OpenGL
// has cuts of its own: parts enough to fill a GPU are only more memory to move there.

// product is what a product is for.
type product uint8

const (
	forward       product = iota
	dataGradient          // dx
	paramGradient         // dw and db
)

const (
	// cutTile is the side of the tiles in which cuts count results.
	cutTile = 64
	// hardwareGroups is how many work groups keep a GPU busy: this suits 50 to 150
	// multiprocessors. Sums are cut so that there are twice as many.
	hardwareGroups, softwareGroups = 128, 2
	// shortest is the shortest part of a sum that is worth a work group of its own where
	// the results are gradients of parameters, shortestActivations where they are
	// activations or their gradients: there are more of these, and each part of them is
	// written and read once more.
	shortest, shortestActivations = 8 * gemmBK, 16 * gemmBK
	maxSplits                     = 256
)

// cut is how a sum of k terms is cut.
type cut struct {
	splits int // parts of it, 1 for none
	length int // of a part: whole steps of gemmBK
}

// cut cuts the sums of a product.
func (b *Backend) cut(what product, m, n, k int) cut {
	groups, least := hardwareGroups, shortestActivations
	if what == paramGradient {
		least = shortest
	}
	if b.device.Software {
		if groups = softwareGroups; what != paramGradient {
			groups = 0
		}
	}
	want := min(2*groups/(ceil(m, cutTile)*ceil(n, cutTile)), k/least, maxSplits)
	if b.forceSplit > 0 {
		want = min(b.forceSplit, ceil(k, gemmBK))
	}
	whole := cut{1, ceil(k, gemmBK) * gemmBK}
	if want <= 1 {
		return whole
	}
	length := ceil(ceil(k, want), gemmBK) * gemmBK
	return cut{ceil(k, length), length}
}

// skinny reports whether a dense layer's sums are shared out within a work group, since
// tiles would leave most of the device idle through a long sum. That is another order of
// the terms, so it follows from the shape too.
func (b *Backend) skinny(n, out, in int) bool {
	if b.forceTile != nil && !b.forceSkinny {
		return b.forceTile == skinnyTile
	}
	few := ceil(n, 32)*ceil(out, 32) <= hardwareGroups/2
	if b.device.Software {
		few = n <= 16 && out <= 64
	}
	return in >= 64 && (few || out < 16 && n <= 1024)
}
