// Bytes are read in words. Their indices are unsigned: a data set may have over 2 GiB.
uint byte_of(uint word, uint i) { return (word >> (8u * (i & 3u))) & 255u; }
