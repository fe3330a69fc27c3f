"""Tensor splines and the errors f - Phi that they leave: suprema, Sobolev and Zygmund norms, from both sides."""
