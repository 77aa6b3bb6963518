package glyph

// The checks of a Device. Misuse panics, as in the checks of operations: it is a
// bug in the caller.

// CheckAlloc panics unless n elements can be asked for.
func CheckAlloc(op string, n int) {
	if n < 0 {
		misuse(op, "n", "is %d", n)
	}
}

// CheckWrite panics unless n numbers can be written to dst.
func CheckWrite(dst Tensor, n int) {
	const op = "Write"
	inside(op, "dst", dst)
	transfer(op, "src", n, "dst", dst.Size())
}

// CheckRead panics unless src can be read into n numbers.
func CheckRead(n int, src Tensor) {
	const op = "Read"
	inside(op, "src", src)
	transfer(op, "dst", n, "src", src.Size())
}

// CheckWriteInts panics unless n integers can be written to dst.
func CheckWriteInts(dst Ints, n int) {
	const op = "WriteInts"
	if dst == nil {
		misuse(op, "dst", "is nil")
	}
	transfer(op, "src", n, "dst", dst.Len())
}

// CheckReadInts panics unless src can be read into n integers.
func CheckReadInts(n int, src Ints) {
	const op = "ReadInts"
	if src == nil {
		misuse(op, "src", "is nil")
	}
	transfer(op, "dst", n, "src", src.Len())
}

func transfer(op, host string, n int, device string, size int) {
	if n != size {
		misuse(op, host, "has %d elements, want the %d of %s", n, size, device)
	}
}

// CheckNotRepeating panics within Repeat. It guards calls that could not be
// replayed.
func CheckNotRepeating(op string, repeating bool) {
	if repeating {
		panic("glyph: " + op + " within Repeat")
	}
}

// CheckOpen panics after Close.
func CheckOpen(closed bool) {
	if closed {
		panic("glyph: the backend is used after Close")
	}
}

// CheckMemory panics unless the memory belongs to this backend and has not been
// freed.
func CheckMemory(own, freed bool) {
	switch {
	case !own:
		panic("glyph: memory of another backend")
	case freed:
		panic("glyph: memory is used after Free")
	}
}
