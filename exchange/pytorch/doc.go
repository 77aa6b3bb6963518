// Package pytorch translates networks to PyTorch's names and layouts and back.
// Files are safetensors, which PyTorch's users write with
// safetensors.torch.save_file.
package pytorch
