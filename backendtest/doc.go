// Package backendtest is the executable specification of [glyph.Backend]: one
// list of cases, each an operation at given shapes with its definition in
// plain float64 loops, used four ways.
//
//   - Conformance: the backend's result against the definition ([Check]; package
//     suite makes tests of them all).
//   - Gradients: the backend's backward against differences of its forward, in
//     float64 ([GradientChecks]).
//   - Fused against decomposed: an operation with an activation against the
//     same without, and the activation on the host ([Fused]).
//   - Benchmarks: the cases that are a layer of a preset, and the operations of
//     a network's step ([List], [Measure]).
//
// Besides the cases there are properties that need no definition ([Properties]),
// the misuse that has to panic ([Misuses]), and what a backend promises about its
// lifetime and its memory ([Contracts]).
//
// A program can use all of it: only package suite needs package testing.
//
// # Tolerance
//
// A definition computes with [Number]s: a value, and how far from it a correct
// backend may be, in units of the unit roundoff u. Copies, comparisons, masks
// and maxima have no error and must agree exactly. A sum of products may be off
// by
//
//	|got - want| <= 8·u·Σ|aᵢ·bᵢ| + √n·u·max|Sₖ|
//
// with the partial sums Sₖ in the order of the definition. The worst case is n·u·Σ|aᵢ·bᵢ|
// (Higham 2002, Accuracy and Stability of Numerical Algorithms, §3.1), but rounding
// errors average out, and the first part is enough for independent terms of mean zero.
// The second part is for sums whose terms cancel late, such as the gradients of weights
// before a batch normalisation: each of n additions rounds a partial sum, by at most
// u·|Sₖ| with either sign, which together have a standard deviation below
// √(n/3)·u·max|Sₖ| (Higham & Mary 2019, A New Approach to Probabilistic Rounding Error
// Analysis). Equal terms, as an image's background gives them, are rounded alike: n is then
// replaced by Σm² over the different terms, of which each is there m times. For independent terms of mean zero it adds 2 or 3 to the 8, so that
// operands rounded to half precision are caught at every size of the cases. It adds √n
// where all terms have one sign, and half of that where the second half of the terms
// cancels the first; half precision may pass in long sums of these two kinds.
//
// Every other operation adds its own error and carries those of its operands along,
// which is Higham's running error analysis (§3.3) done by the definition as it goes.
// The constants for division, square root, exp and log are in number.go with their
// source.
//
// A backend that implements [glyph.Float64] is read without rounding and held
// to [U64], any other to [U32]. So the oracle is itself tested, 2²⁸ times more
// strictly.
//
// # Hygiene
//
// All operands of a case lie in one buffer with guard cells between them, on
// multiples of glyph.Align and again at odd offsets, and then each in a buffer
// of its own. Results hold NaN before the operation. Afterwards everything but
// the results must have the bits it had, and a second run must give the same
// bits as the first.
package backendtest
