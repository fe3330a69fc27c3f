"""The mathematical objects: numbers, grids, targets, and the networks that approximation proofs describe."""
