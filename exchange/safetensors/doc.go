// Package safetensors reads and writes the safetensors format, and keeps networks
// in it: the parameters with the Spec they belong to, so that a file says itself
// what it is.
package safetensors
