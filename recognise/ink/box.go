package ink

import "image"

// covered is from how much on a pixel counts as ink when its extent is
// measured: about what the box of KMNIST's own images is insensitive to.
const covered = 0.1

// speck is the largest share of all ink that is taken for dirt where it touches
// nothing else. The dots of characters are larger.
const speck = 1.0 / 300

// box is the bounding box of the ink without specks, and takes those away.
func (p plane) box() image.Rectangle {
	label := make([]int, len(p.v)) // 0 for not seen yet
	var sizes []int
	var boxes []image.Rectangle
	total := 0
	for start, v := range p.v {
		if v < covered || label[start] != 0 {
			continue
		}
		id := len(sizes) + 1
		size, box := p.fill(start, id, label)
		sizes, boxes, total = append(sizes, size), append(boxes, box), total+size
	}
	all := image.Rectangle{}
	for i, b := range boxes {
		if float64(sizes[i]) >= speck*float64(total) {
			all = all.Union(b)
		}
	}
	for i, id := range label {
		if id > 0 && float64(sizes[id-1]) < speck*float64(total) {
			p.v[i] = 0
		}
	}
	return all
}

// fill labels what hangs together with start, over corners too.
func (p plane) fill(start, id int, label []int) (size int, box image.Rectangle) {
	stack := []int{start}
	label[start] = id
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := at%p.w, at/p.w
		size++
		box = box.Union(image.Rect(x, y, x+1, y+1))
		for dy := max(y-1, 0); dy <= min(y+1, p.h-1); dy++ {
			for dx := max(x-1, 0); dx <= min(x+1, p.w-1); dx++ {
				if i := dy*p.w + dx; label[i] == 0 && p.v[i] >= covered {
					label[i] = id
					stack = append(stack, i)
				}
			}
		}
	}
	return size, box
}
