// Package flags makes flags, config files and shell completion from the descriptions
// in package settings, and from the other flags that commands share: the data, the
// backend, and a run's files.
//
// A config file has the names of the flags as its keys. [ReadConfig] sets those
// that the command line does not, and [Config] writes all of them, so that what it
// wrote sets every one to the same value, bit for bit.
package flags
