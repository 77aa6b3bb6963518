// argmax_$name(row) is the class of the first greatest of $name_of(row, 0) to
// $name_of(row, CLASSES - 1), or -1 when one is NaN.
int argmax_$name(int row) {
	int best = 0;
	float top = $name_of(row, 0);
	bool nan = false;
	for (int c = 0; c < CLASSES; ++c) {
		float v = $name_of(row, c);
		nan = nan || is_nan(v);
		if (v > top) {
			top = v;
			best = c;
		}
	}
	return nan ? -1 : best;
}
