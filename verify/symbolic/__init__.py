"""Formulas, identities and constants as symbols: derived, checked by algebra, written as LaTeX (docs/derivations.md).

An extra of the proofs by weights: nothing else imports it.
"""
