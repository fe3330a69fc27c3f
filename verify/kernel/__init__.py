"""Evidence of the second kind: statements checked by the kernel of a proof assistant, Coq (docs/proofs.md)."""
