package message

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Files is a list of files for display: their names, and the directory they are all
// in.
func Files(files []string) string {
	dir := filepath.Dir(files[0])
	for _, file := range files {
		for rel, err := filepath.Rel(dir, file); err == nil && strings.HasPrefix(rel, "..") && filepath.Dir(dir) != dir; rel, err = filepath.Rel(dir, file) {
			dir = filepath.Dir(dir)
		}
	}
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = file
		if rel, err := filepath.Rel(dir, file); err == nil {
			names[i] = filepath.ToSlash(rel)
		}
		names[i] = Quote(names[i])
	}
	return fmt.Sprintf("%s in %s", strings.Join(names, ", "), Quote(dir))
}
