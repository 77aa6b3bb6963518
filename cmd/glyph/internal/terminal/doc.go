// Package terminal draws on a terminal and takes its keys. It knows nothing of
// trainings: a View says what there is to see.
//
// NO_COLOR in the environment turns colours off (https://no-color.org), and on a
// terminal that says TERM=dumb nothing is drawn at all.
package terminal
