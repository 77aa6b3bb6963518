package kmnist

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"glyph/internal/message"
)

// Limit returns the first n images, which share memory with s. It fails if n is less
// than 1 or more than the number of images.
func (s Set) Limit(n int) (Set, error) {
	if n < 1 || n > s.Len() {
		return Set{}, fmt.Errorf("%d images of %d; want 1 to %d", n, s.Len(), s.Len())
	}
	size := s.size()
	return Set{Images: s.Images[: n*size : n*size], Labels: s.Labels[:n:n], H: s.H, W: s.W, C: s.C}, nil
}

// Validation splits off a validation set: part is a fraction below 1 or a number of
// images. The split is stratified: each class gives its share, by the largest
// remainder method, but never its last image. The seed decides which images are
// taken; both sets keep the order of s. Validation fails if the part comes to no
// image or would take the last image of a class, or if it is neither a fraction nor a
// whole number.
func (s Set) Validation(part float64, seed uint64) (train, held Set, err error) {
	byClass := make([][]int, s.classes())
	for i, c := range s.Labels {
		byClass[c] = append(byClass[c], i)
	}
	spare := 0
	for _, members := range byClass {
		spare += max(0, len(members)-1)
	}
	count := part
	if part < 1 {
		count = math.Round(part * float64(s.Len()))
	}
	if spare == 0 {
		return Set{}, Set{}, fmt.Errorf("no validation set can be held out of %s, since each class keeps one", message.Count(s.Len(), "image"))
	}
	if !(count >= 1 && count <= float64(spare)) || count != math.Trunc(count) {
		return Set{}, Set{}, fmt.Errorf("a validation set of %v of %s; want a fraction, or 1 to %s so that each class keeps one", part, message.Count(s.Len(), "image"), message.Count(spare, "image"))
	}
	r := rand.New(rand.NewPCG(seed, 0x686f6c64)) // "hold" in ASCII: a stream of its own for the same seed
	out := make([]bool, s.Len())
	for c, quota := range quotas(byClass, int(count), s.Len()) {
		members := byClass[c]
		r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		for _, i := range members[:quota] {
			out[i] = true
		}
	}
	return s.pick(out, false), s.pick(out, true), nil
}

// quotas returns how many of n images each class gives: its share rounded down, and
// one more for those with the largest remainders, but never all of its images.
func quotas(byClass [][]int, n, total int) []int {
	quota := make([]int, len(byClass))
	remainder := make([]uint64, len(byClass))
	order := make([]int, len(byClass))
	left := n
	for c, members := range byClass {
		share := uint64(len(members)) * uint64(n)
		remainder[c] = share % uint64(total)
		quota[c] = int(share / uint64(total)) // below len(members), since n is below total
		left -= quota[c]
		order[c] = c
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch { // the largest first, and of equals the lower label
		case remainder[a] > remainder[b]:
			return -1
		case remainder[a] < remainder[b]:
			return 1
		}
		return 0
	})
	// There is more than one round only if some class would have given its last image.
	for i := 0; left > 0; i++ {
		if c := order[i%len(order)]; quota[c] < len(byClass[c])-1 {
			quota[c]++
			left--
		}
	}
	return quota
}

// pick returns the images whose mark is want.
func (s Set) pick(marks []bool, want bool) Set {
	p := Set{H: s.H, W: s.W, C: s.C}
	for i, m := range marks {
		if m == want {
			p.Images = append(p.Images, s.Image(i)...)
			p.Labels = append(p.Labels, s.Labels[i])
		}
	}
	return p
}
