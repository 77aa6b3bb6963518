// Package board serves one page for all runs in a directory: a table to sort, filter,
// tag and tidy, their curves over each other, what differs between them, and each
// run's results. It follows trainings in progress.
//
//	GET  /                the page; it loads nothing from other servers
//	GET  /api/runs        every run with its settings, results and marks
//	GET  /api/curves      the curves of ?run=NAME, which may be repeated, or of all runs
//	GET  /api/steps       the metrics within the epochs of ?run=NAME
//	GET  /api/run         the confusion matrix and the classes of ?run=NAME
//	GET  /api/mistakes    a page of the mistakes of ?run=NAME on its test set
//	GET  /api/events      changes, as server-sent events
//	POST /api/mark        tags, a note, hidden or not: {"runs": [...], "tag": "...", ...}
//	POST /api/delete      {"runs": [...]}: moves runs to the directory .trash
//	POST /api/restore     {"runs": [...]}: moves them back
//	GET  /report/NAME     the run's report.html
//	GET  /api/studies     the studies and sweeps beside the runs, with their leaderboards
//	GET  /study/NAME      the study's report.html
//	GET  /export          the page with all its data as one HTML file
//	     /draw/NAME/      the page to draw on: package recognise/page
//
// Tags, notes and which runs are hidden are kept in board.json in the runs' directory.
// It is locked while it is changed and replaced as a whole, so that several servers can
// share it. Nothing is ever removed from the disk: a deleted run is moved to .trash.
//
// Access is that of package local: requests must be addressed to a name of this machine
// or one given in Options, and other sites can't change anything.
package board
