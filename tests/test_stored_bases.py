"""Bases that were reduced ahead of time: they are bases of the lattice, and short; weights found with them are true."""

from __future__ import annotations

import random

import mpmath
import numpy as np
import pytest
from flint import fmpq, fmpz_mat, nmod_mat
from test_sine_decoder import assert_true, random_values

from constructs.blocks import profile
from constructs.lattice import Basis, Ladder, transformed
from constructs.sine_decoder import find_weight
from constructs.stored_bases import FOLDER, stored_bases

FILES = sorted(file.stem for file in FOLDER.glob("*.txt"))
PRIMES = (2**61 - 1, 2**62 - 57, 2**63 - 25)


def turns(basis: Basis, J: int) -> tuple[list[int], list[float]]:
    """m_J and n beta_J - m_J of all rows, next to the basis' own points, by mpmath."""
    with mpmath.workprec(basis.bits + 300):
        beta = mpmath.sin(1 + J) / (2 * mpmath.pi)
        m = [
            int(mpmath.nint(n * beta - float(x)))
            for n, x in zip(basis.weights, basis.points[:, J], strict=True)
        ]
        return m, [float(n * beta - k) for n, k in zip(basis.weights, m, strict=True)]


@pytest.mark.parametrize("name", FILES)
def test_a_file_holds_a_basis_of_its_lattice(name: str):
    """The integers (m_0, ..., m_{K-1}, n) of its rows have determinant 1 or -1: here modulo large primes."""
    K, bits = map(int, name.split("_"))
    (basis,) = (basis for basis in stored_bases(K) if basis.bits == bits)
    assert basis.points.shape == (K + 1, K + 1)
    columns = []
    for J in range(K):
        m, phases = turns(basis, J)
        assert np.abs(basis.points[:, J] - phases).max() < 1e-15
        columns.append(m)
    with mpmath.workprec(bits + 300):
        last = [float(mpmath.ldexp(n, -bits)) for n in basis.weights]
    assert np.abs(basis.points[:, K] - last).max() < 1e-15
    rows = [list(row) for row in zip(*columns, basis.weights, strict=True)]
    for p in PRIMES:
        assert int(nmod_mat([[x % p for x in row] for row in rows], p).det()) in (1, p - 1)


@pytest.mark.parametrize("name", FILES)
def test_a_kept_basis_is_shorter_than_what_is_reduced_at_once(name: str):
    K, bits = map(int, name.split("_"))
    (basis,) = (basis for basis in stored_bases(K) if basis.bits == bits)
    assert profile(basis.points) < 0.0135 * K  # LLL's: about 0.026 K


def test_points_do_not_drift_from_the_lattice():
    """Forty changes of basis with large entries, as reductions make them: sums of floats would be far off."""
    ladder, draw = Ladder(12), random.Random(1)
    basis = ladder.at(ladder.step * 40)
    for _ in range(40):
        upper = [[draw.randint(-9, 9) if i < j else int(i == j) for j in range(13)] for i in range(13)]
        basis = transformed(basis, fmpz_mat(upper))
        rows = np.rint(np.ldexp(basis.points, 40)).astype(object)
        _, back = fmpz_mat([[int(x) for x in row] for row in rows]).lll(True)
        basis = transformed(basis, back)
    for J in range(12):
        _, phases = turns(basis, J)
        assert np.abs(basis.points[:, J] - phases).max() < 1e-15


@pytest.mark.parametrize("seed", [1, 2])
def test_128_cells_in_few_bits(seed: int):
    wanted = random_values(128, seed=seed)
    found = find_weight(wanted, fmpq(1, 8))
    assert_true(found, wanted, fmpq(1, 8))
    assert found.weight.bit_length() <= 704
    assert find_weight(wanted, fmpq(1, 8)).weight == found.weight


def test_finer_than_the_kept_bases():
    """More bits carry on from the last kept basis: its rows have to get shorter with them."""
    wanted = random_values(64, seed=1)
    found = find_weight(wanted, fmpq(1, 28))
    assert_true(found, wanted, fmpq(1, 28))
    assert stored_bases(64)[-1].bits < found.weight.bit_length() + 16 <= 416


def test_256_cells_in_seven_bits_a_cell():
    wanted = random_values(256, seed=13)
    found = find_weight(wanted, fmpq(1, 8))
    assert_true(found, wanted, fmpq(1, 8))
    assert found.weight.bit_length() <= 7 * 256
