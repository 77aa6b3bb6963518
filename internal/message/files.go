package message

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Files is a list of files for display: their names, and the directory they are all
// in. One that is elsewhere, such as a relative path among absolute ones, comes after
// it as it is.
func Files(files []string) string {
	dir := filepath.Dir(files[0])
	var names, others []string
	for _, file := range files {
		if _, err := filepath.Rel(dir, file); err != nil {
			others = append(others, Quote(file))
			continue
		}
		for rel, err := filepath.Rel(dir, file); err == nil && strings.HasPrefix(rel, "..") && filepath.Dir(dir) != dir; rel, err = filepath.Rel(dir, file) {
			dir = filepath.Dir(dir)
		}
	}
	for _, file := range files {
		if rel, err := filepath.Rel(dir, file); err == nil {
			names = append(names, Quote(filepath.ToSlash(rel)))
		}
	}
	all := fmt.Sprintf("%s in %s", strings.Join(names, ", "), Quote(dir))
	return strings.Join(append([]string{all}, others...), "; ")
}
