"""The landscape of training: critical points, local and global minima."""
