package filetype

import (
	"bytes"
	"strings"
)

// signatures are formats that begin with bytes of their own. Zip has its rows
// in zipped, because others are made of it.
var signatures = []struct {
	at    int
	bytes string
	what  string
}{
	{0, "version https://git-lfs.github.com/spec/", LFS},
	{0, "\x89PNG\r\n\x1a\n", "a PNG picture"},
	{0, "\xff\xd8\xff", "a JPEG picture"},
	{0, "GIF87a", "a GIF picture"},
	{0, "GIF89a", "a GIF picture"},
	{8, "WEBP", "a WebP picture"},
	{8, "AVI ", "an AVI video"},
	{8, "WAVE", "a WAV recording"},
	{4, "ftypheic", "a HEIC picture"},
	{4, "ftypheix", "a HEIC picture"},
	{4, "ftypmif1", "a HEIC picture"},
	{4, "ftypavif", "an AVIF picture"},
	{4, "ftyp", "an MP4 video"},
	{0, "II*\x00", "a TIFF picture"},
	{0, "MM\x00*", "a TIFF picture"},
	{0, "8BPS\x00", "a Photoshop document"},
	{0, "%PDF-", "a PDF document"},
	{0, "\x93NUMPY", "a NumPy array (.npy)"},
	{0, "\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras writes (.h5)"},
	{0, "MATLAB 5.0 MAT-file", "a MATLAB file"},
	{0, "GGUF", "a GGUF model"},
	{4, "TFL3", "a TensorFlow Lite model"},
	{0, "PAR1", "a Parquet table"},
	{0, "ARROW1", "an Arrow table"},
	{0, "SQLite format 3\x00", "an SQLite database"},
	{0, "\x1f\x8b", Gzip},
	{0, "BZh", "a bzip2 archive"},
	{0, "\xfd7zXZ\x00", "an xz archive"},
	{0, "(\xb5/\xfd", "a Zstandard archive"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive"},
	{0, "Rar!\x1a\x07", "a RAR archive"},
	{257, "ustar", "a tar archive"},
	{0, "\x7fELF", "a Linux program or library (ELF)"},
	{0, "\xcf\xfa\xed\xfe", "a macOS program"},
	{0, "\xca\xfe\xba\xbe", "a macOS program"},
	{0, "PK\x05\x06", "an empty zip archive"},
	// torch.save before PyTorch 1.6, and still where it is asked for: pickles
	// after each other, of which the first is this number.
	{0, "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", PyTorch},
}

func signature(first []byte) string {
	for _, s := range signatures {
		if len(first) >= s.at && bytes.HasPrefix(first[s.at:], []byte(s.bytes)) {
			return s.what
		}
	}
	if bytes.HasPrefix(first, []byte("PK\x03\x04")) {
		return zipped(first)
	}
	return ""
}

// zipped tells formats that are zip archives apart, by the name of the first file
// in them.
func zipped(first []byte) string {
	const header = 30 // bytes of a local file header, of which 26 and 27 are the name's length
	name := ""
	if len(first) > header {
		length := int(first[26]) | int(first[27])<<8
		name = string(first[header:min(len(first), header+length)])
	}
	_, inside, _ := strings.Cut(name, "/")
	switch {
	case inside == "data.pkl" || inside == ".format_version" || inside == "byteorder" || inside == ".data/serialization_id":
		return PyTorch
	case strings.HasSuffix(name, ".npy"):
		return "a NumPy archive (.npz)"
	case name == "metadata.json" || name == "config.json" || name == "model.weights.h5":
		return "a Keras model (.keras)"
	case name == "[Content_Types].xml":
		return "an Office document"
	case name == "META-INF/" || name == "META-INF/MANIFEST.MF":
		return "a Java archive"
	}
	return "a zip archive"
}
