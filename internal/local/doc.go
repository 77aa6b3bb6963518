// Package local holds what the pages that Glyph serves on this machine have in common:
// whom they answer, what they log, and how they shut down.
package local
