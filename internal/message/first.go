package message

import (
	"fmt"
	"strings"
)

// First is a list of the first few names, and how many more there are.
func First(names []string, few int) string {
	if more := len(names) - few; more > 0 {
		return fmt.Sprintf("%s, and %d more", strings.Join(names[:few], ", "), more)
	}
	return strings.Join(names, ", ")
}
