package models

// Graph is the layers of a network with their inputs. Every layer comes after those
// that it takes its inputs from. The output of the last one is that of the network.
// [Build] makes a network of it and reports what is wrong with it.
type Graph []Node

// Node is a layer in a Graph.
type Node struct {
	Layer  Layer
	Inputs []Value // one, or as many as the layer merges; see Merger
}

// Value is what a layer reads: the network's input, or the output of a layer
// before it. A value may have any number of readers; their gradients are added.
type Value int

// Input is the network's input. The output of the i-th node, from 0, is Value(i+1).
const Input Value = 0

// Add appends a layer that reads these inputs and returns its output.
func (g *Graph) Add(l Layer, inputs ...Value) Value {
	*g = append(*g, Node{l, inputs})
	return Value(len(*g))
}

// Chain is the graph of layers that each read the output of the one before.
func Chain(layers ...Layer) Graph {
	g := make(Graph, 0, len(layers))
	v := Input
	for _, l := range layers {
		v = g.Add(l, v)
	}
	return g
}
