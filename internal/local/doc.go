// Package local is what the pages have in common that Glyph serves on this machine:
// whom they answer, what they log, and how they end.
package local
