// Package settings describes, once, what a user can set about a training: the
// network, the part of the data, how images are moved, and how it is optimised.
//
// [Training] holds the values. [All] describes each of them: its name, what it
// is, the values it can take, where it acts, and where it is kept. Flags, config
// files, shell completion and the choices of a study are made of these
// descriptions, so a setting is added by a field in Training and a description.
package settings
