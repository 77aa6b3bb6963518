// Package settings describes, in one place, everything a user can set about a
// training: the network, the part of the data, augmentation, and optimisation.
//
// [Training] holds the values. [All] describes each of them: its name, its help
// text, the values it can take, when it has an effect, and the field that holds it.
// Flags, config files, shell completion and the choices of a study are made from
// these descriptions, so adding a setting takes a field in Training and a
// description. [Training.Options] and [Training.Data] are what package train takes.
//
// The package stands at the top of the tree, since runs, studies and the command
// all take settings from it, and it joins models, train and kmnist: it is part of
// none of them.
package settings
