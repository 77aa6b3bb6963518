// argmax_$name(row) is the class of the first greatest of the CLASSES elements
// of $name from row on, or -1 when one is NaN.
int argmax_$name(int row) {
	int best = 0;
	float top = $name[base[BINDING_$name] + row];
	bool nan = false;
	for (int c = 0; c < CLASSES; ++c) {
		float v = $name[base[BINDING_$name] + row + c];
		nan = nan || is_nan(v);
		if (v > top) {
			top = v;
			best = c;
		}
	}
	return nan ? -1 : best;
}
