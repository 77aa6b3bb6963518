package study

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Shard is a part of a study: number Index, from 0, of Count.
type Shard struct{ Index, Count int }

// ParseShard parses "i/n". from is the number of the first shard, 0 or 1.
func ParseShard(text string, from int) (Shard, error) {
	if from != 0 && from != 1 {
		return Shard{}, fmt.Errorf("shards are counted from 0 or 1, not %d", from)
	}
	i, n, ok := strings.Cut(text, "/")
	index, err := strconv.Atoi(i)
	count, err2 := strconv.Atoi(n)
	if !ok || errors.Join(err, err2) != nil {
		return Shard{}, fmt.Errorf("%q is not a shard: want two whole numbers, such as %d/8", text, from)
	}
	s := Shard{index - from, count}
	if count < 1 || s.Index < 0 || s.Index >= count {
		return Shard{}, fmt.Errorf("there is no shard %d of %d: they are counted from %d to %d", index, count, from, count-1+from)
	}
	return s, nil
}

// String is "1/8", counted from 1; nothing for the whole study.
func (s Shard) String() string {
	if s.Count < 2 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index+1, s.Count)
}

// part is the configurations of a shard. All trials of the same settings are in
// one shard, so that a learning rate is chosen where it is used and nothing is
// done twice. Every machine computes the same assignment.
func (p *Plan) part(s Shard) []Config {
	if s.Count < 2 {
		return p.Configs
	}
	var loads []load
	for _, c := range p.Configs {
		i := slices.IndexFunc(loads, func(l load) bool { return l.group == c.group })
		if i < 0 {
			i, loads = len(loads), append(loads, load{group: c.group})
		}
		for _, t := range slices.Concat(p.selection(c), p.final(c, c.Settings.Rates[0])) {
			loads[i].cost += p.cost(t)
		}
	}
	shard := balance(loads, s.Count)
	var mine []Config
	for _, c := range p.Configs {
		if shard[c.group] == s.Index {
			mine = append(mine, c)
		}
	}
	return mine
}

// load is work that stays in one shard, by its name.
type load struct {
	group string
	cost  float64
}

// balance assigns loads to shards: the most expensive first, each to the shard with
// the least work.
func balance(loads []load, count int) (shard map[string]int) {
	loads = slices.Clone(loads)
	slices.SortFunc(loads, func(a, b load) int {
		return cmp.Or(-cmp.Compare(a.cost, b.cost), strings.Compare(a.group, b.group))
	})
	total, shard := make([]float64, count), map[string]int{}
	for _, l := range loads {
		least := 0
		for i := range total {
			if total[i] < total[least] {
				least = i
			}
		}
		total[least] += l.cost
		shard[l.group] = least
	}
	return shard
}
