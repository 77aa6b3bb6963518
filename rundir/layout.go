package rundir

// The files of a run that others read by name.
const (
	ConfigFile  = "config.toml"
	SummaryFile = "summary.json"
	BestFile    = "best.safetensors"
	LastFile    = "last.safetensors"
)
