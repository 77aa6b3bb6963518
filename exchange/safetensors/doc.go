// Package safetensors reads and writes the safetensors format, and stores networks
// in it: the parameters with their Spec, so that a file describes itself.
package safetensors
