"""Judgements about the objects of `constructs`: regions, norms, moduli, claims, certificates."""
