// Package settings describes, in one place, everything a user can set about a
// training: the network, the part of the data, augmentation, and optimisation.
//
// [Training] holds the values. [All] describes each of them: its name, its help
// text, the values it can take, when it has an effect, and the field that holds it.
// Flags, config files, shell completion and the choices of a study are made from
// these descriptions, so adding a setting takes a field in Training and a
// description.
package settings
