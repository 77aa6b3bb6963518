// Package terminal draws on a terminal and reads its keys. It knows nothing about
// trainings: a View says what to show.
//
// NO_COLOR in the environment turns colours off (https://no-color.org), and with
// TERM=dumb nothing is drawn at all.
package terminal
