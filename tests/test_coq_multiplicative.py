"""The multiplicative networks that verify/coq/Multiplicative.v speaks about are those that Python builds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from coq_literals import rational, require_all_equal, require_equal
from coq_missing import needs_coq
from flint import fmpq

from constructs.multiplicative import Multiplicative, build


def _instance(built: Multiplicative) -> str:
    """The family at the same degree, mesh, first knot, shape and coefficients."""
    shape = "; ".join(map(str, built.coefficients.shape))
    listed = "; ".join(rational(c) for c in built.coefficients.reshape(-1))
    row_major = f"fold_left (fun a p => a * snd p + fst p)%nat (combine k [{shape}]%nat) 0%nat"
    return (
        f"multiplicative {built.degree} {built.mesh} ({built.first})%Z [{shape}]%nat\n"
        f"  (fun k => nth ({row_major}) [{listed}] 0)"
    )


def _coefficients(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Rational numbers of both signs, about a fourth of them 0."""
    rng = np.random.default_rng(seed)
    flat = [fmpq(int(n), 7) if n % 4 else fmpq(0) for n in rng.integers(-20, 20, size=int(np.prod(shape)))]
    return np.array(flat, dtype=object).reshape(shape)


@needs_coq
def test_the_same_networks(tmp_path: Path) -> None:
    """Also where neighbouring B-splines cancel, and of the function 0, of which one unit stays."""
    given = [
        (1, 3, None, (4,)),
        (2, 2, None, (4,)),
        (3, 4, -1, (5,)),
        (4, 2, 0, (2,)),
        (5, 1, None, (2,)),
        (1, 2, None, (3, 2)),
        (2, 3, 1, (2, 3)),
        (3, 1, None, (1, 2)),
        (1, 1, None, (2, 1, 2)),
    ]
    built = [build(_coefficients(shape, q + len(shape)), q, mesh, first) for q, mesh, first, shape in given]
    assert any(b.units < b.units_before for b in built if b.dim == 1)
    zero = build(np.array([[0, 0], [0, 0]]), 2, 2)
    assert zero.units == 1
    cancelling = build(np.array([1, -1, 3, 4]), 1, 3)
    assert cancelling.units == build(np.array([1, 2, 3, 4]), 1, 3).units - 1
    built += [zero, cancelling]
    require_all_equal(tmp_path, "Multiplicative", [(_instance(b), b.network) for b in built])


@needs_coq
@pytest.mark.parametrize(
    ("old", "new"),
    [("(4 # 7)", "(5 # 7)"), ("multiplicative 2 3 ", "multiplicative 2 4 "), ("(1)%Z", "(0)%Z")],
)
def test_another_number_is_another_network(tmp_path: Path, old: str, new: str) -> None:
    built = build(np.array([["4/7", 1]]), 2, 3, 1)
    instance = _instance(built)
    assert instance.count(old) == 1
    with pytest.raises(AssertionError, match="Unable to unify"):
        require_equal(tmp_path, "Multiplicative", instance.replace(old, new), built.network)
