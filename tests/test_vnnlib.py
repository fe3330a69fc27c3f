"""Instances for verifiers: what they state is recomputed by brute force and decided by programs of others."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from built import exact
from click.testing import CliRunner
from flint import fmpq
from hats import all_nodes
from onnx import numpy_helper

from constructs import targets
from constructs.errors import ConstructError
from constructs.exact import from_float, from_text
from constructs.float_formats import FLOAT32, FLOAT64, FloatFormat
from constructs.targets.base import Target
from constructs.targets.kuhn import KuhnTarget
from verify import claims
from verify.cli import main
from verify.residual_truth import ResidualTruth
from verify.vnnlib_files import write_instances
from verify.vnnlib_text import VERSIONS, decimal

LINE = KuhnTarget(4, np.array(["1/2", "-1/4", "1", "3/4", "-1/2"]))
PLANE = KuhnTarget(2, np.array([["1/2", "1/4", "1"], ["3/4", "1/4", "1/2"], ["1", "-1/2", "0"]]))
SQUARE = KuhnTarget(1, np.array([["1/2", "1/4"], ["-1", "3/4"]]))
TARGETS = {"line": LINE, "plane": PLANE, "square": SQUARE}
MARABOU = Path(__file__).with_name("marabou_verdict.py")
TOLERANCE = fmpq(1, 10**4)  # far above what Marabou allows itself, far below the margins


def certified(target: Target, path: Path, mesh: str = "1/4", sweeps: int = 2) -> Path:
    claims.multigrade(mesh=mesh, sweeps=sweeps).judge(target).save(path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instances of all targets in one folder."""
    base = tmp_path_factory.mktemp("instances")
    write_instances(certified(LINE, base / "line.json"), base / "out", FLOAT32)
    write_instances(certified(PLANE, base / "plane.json", "1/2", 1), base / "out", FLOAT64)
    write_instances(certified(SQUARE, base / "square.json", "1", 1), base / "out", FLOAT64)
    return base / "out"


def stated(folder: Path, name: str) -> dict[str, Any]:
    return json.loads((folder / f"{name}.json").read_text())


def exactly(model: onnx.ModelProto, x: list[fmpq]) -> fmpq:
    """The ONNX file in rational arithmetic, operator by operator."""
    tensors = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    values = {"x": x}
    for node in model.graph.node:
        source = values[node.input[0]]
        if node.op_type == "Relu":
            values[node.output[0]] = [max(v, fmpq(0)) for v in source]
        else:
            assert node.op_type == "Gemm"
            assert [(a.name, a.i) for a in node.attribute] == [("transB", 1)]
            rows, bias = tensors[node.input[1]].tolist(), tensors[node.input[2]].tolist()
            values[node.output[0]] = [
                sum((from_float(w) * v for w, v in zip(row, source, strict=True)), from_float(b))
                for row, b in zip(rows, bias, strict=True)
            ]
    (result,) = values[model.graph.output[0].name]
    return result


@pytest.mark.parametrize("name", TARGETS)
def test_the_ground_truth_by_brute_force_over_the_onnx_file(folder: Path, name: str) -> None:
    model, truth = onnx.load(str(folder / f"{name}.onnx")), stated(folder, name)
    dim, grid = truth["network"]["inputs"], 16
    values = {x: exactly(model, [exact(c) for c in x]) for x in all_nodes(grid, dim)}
    supremum = from_text(truth["supremum"]["value"])
    assert max(abs(v) for v in values.values()) == supremum > 0
    holds, fails = truth["instances"]
    assert (holds["holds"], fails["holds"]) == (True, False)
    for instance, sign in ((holds, 1), (fails, -1)):
        gap = sign * (from_text(instance["bound"]) - supremum)
        assert gap == from_text(instance["margin"])
        assert supremum / 128 < gap <= supremum / 32
    assert holds["counterexample"] is None
    assert abs(exactly(model, [from_text(c) for c in fails["counterexample"]])) == supremum


@pytest.mark.parametrize("name", TARGETS)
def test_the_counterexample_is_one_in_onnxruntime(folder: Path, name: str) -> None:
    truth = stated(folder, name)
    point = np.array([[float(from_text(c)) for c in truth["instances"][1]["counterexample"]]])
    session = onnxruntime.InferenceSession(str(folder / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": point.astype(truth["network"]["type"])})
    value = from_float(float(np.asarray(found)[0, 0]))
    assert value == from_text(truth["supremum"]["output"])
    assert abs(value) > from_text(truth["instances"][1]["bound"])


@pytest.mark.parametrize("name", TARGETS)
def test_files_are_those_of_their_hashes_and_lists(folder: Path, name: str) -> None:
    truth = stated(folder, name)
    files = [truth["network"], *(f for i in truth["instances"] for f in i["files"])]
    assert len(files) == 5
    for file in files:
        assert hashlib.sha256((folder / file["file"]).read_bytes()).hexdigest() == file["sha256"]
    for version in VERSIONS:
        with (folder / version / "instances.csv").open(newline="") as stream:
            rows = list(csv.reader(stream))
        assert [row[1] for row in rows] == [f"{n}_{w}.vnnlib" for n in TARGETS for w in ("true", "false")]
        assert all((folder / version / file).is_file() for row in rows for file in row[:2])


def test_a_second_export_changes_nothing(folder: Path, tmp_path: Path) -> None:
    certificate = certified(LINE, tmp_path / "line.json")
    written = write_instances(certificate, tmp_path / "out", FLOAT64)
    before = {path: path.read_bytes() for path in written}
    assert write_instances(certificate, tmp_path / "out", FLOAT64) == written
    assert {path: path.read_bytes() for path in written} == before
    assert sorted(p for p in (tmp_path / "out").rglob("*") if p.is_file()) == sorted(written)


@pytest.mark.parametrize("name", ["a\n(assert false)\n; b", "a\r(assert false)", "a\u2028b", "a\x1bb"])
def test_a_name_cannot_write_assertions(name: str, tmp_path: Path) -> None:
    certificate = certified(LINE, tmp_path / "line.json").rename(tmp_path / f"{name}.json")
    with pytest.raises(ConstructError, match=r"name of the certificate = .*: expected printable characters"):
        write_instances(certificate, tmp_path / "out", FLOAT64)
    assert not (tmp_path / "out").exists()


def question(text: str, dim: int) -> Callable[[list[fmpq], fmpq], bool]:
    """A reader of the assertions of both versions, which knows no more than they need."""
    lines = [line for line in text.splitlines() if line.startswith("(assert")]
    cut = (
        " ".join(lines).replace("[0, ", "_").replace("]", "").replace("(", " ( ").replace(")", " ) ").split()
    )

    def term(place: int) -> tuple[Any, int]:
        if cut[place] != "(":
            return cut[place], place + 1
        parts, place = [], place + 1
        while cut[place] != ")":
            part, place = term(place)
            parts.append(part)
        return parts, place + 1

    def holds(part: list[Any], names: dict[str, fmpq]) -> bool:
        head, *rest = part
        if head in ("and", "or", "assert"):
            return (any if head == "or" else all)(holds(r, names) for r in rest)
        assert head in ("<=", ">=")
        a, b = (names[r] if r in names else from_text(r) for r in rest)
        return a <= b if head == "<=" else a >= b

    terms, place = [], 0
    while place < len(cut):
        part, place = term(place)
        terms.append(part)
    assert len(terms) == 2 * dim + 1
    return lambda x, y: all(holds(t, {f"X_{i}": c for i, c in enumerate(x)} | {"Y_0": y}) for t in terms)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", TARGETS)
def test_both_texts_ask_for_points_of_the_cube_where_a_bound_is_reached(
    folder: Path, name: str, version: str
) -> None:
    for instance, word in zip(stated(folder, name)["instances"], ("true", "false"), strict=True):
        bound, dim = from_text(instance["bound"]), stated(folder, name)["network"]["inputs"]
        asked = question((folder / version / f"{name}_{word}.vnnlib").read_text(), dim)
        for y in (bound, -bound, 2 * bound):
            assert asked([fmpq(0)] * dim, y)
            assert asked([fmpq(1)] * dim, y)
            for i in range(dim):
                for outside in (fmpq(-1, 100), fmpq(101, 100)):
                    assert not asked([outside if j == i else fmpq(1, 2) for j in range(dim)], y)
        assert not any(asked([fmpq(1, 2)] * dim, y) for y in (fmpq(0), bound * 99 / 100, -bound * 99 / 100))


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_of_the_standard_reads_version_2(folder: Path, name: str) -> None:
    vnnlib = pytest.importorskip("vnnlib", reason="the parser of VNN-LIB 2.0 is not installed")
    for instance, word in zip(stated(folder, name)["instances"], ("true", "false"), strict=True):
        query = vnnlib.parse_query_file(str(folder / "2.0" / f"{name}_{word}.vnnlib"))
        (network,) = query.networks
        assert list(network.inputs[0].shape) == [1, stated(folder, name)["network"]["inputs"]]
        *_, last = query.assertions
        ends = [from_float(float(clause[0].rhs.value)) for clause in last.expr.to_dnf()]
        assert ends == [from_text(instance["bound"]), -from_text(instance["bound"])]


@pytest.mark.parametrize("word", ["true", "false"])
@pytest.mark.parametrize("name", ["line", "square"])
def test_marabou_comes_to_the_stated_verdict(folder: Path, name: str, word: str) -> None:
    """It reads both files themselves; in its own process, since it cannot be interrupted otherwise."""
    if importlib.util.find_spec("maraboupy") is None:
        pytest.skip(
            "Marabou is not installed: pip install maraboupy, which has wheels for Linux and Python <= 3.11"
        )
    instance = stated(folder, name)["instances"][["true", "false"].index(word)]
    files = [folder / f"{name}.onnx", folder / "1.0" / f"{name}_{word}.vnnlib"]
    command = [sys.executable, "-W", "ignore", str(MARABOU), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    # what Marabou itself prints may come before or after, as stdout is buffered
    [answer] = [line for line in done.stdout.splitlines() if line.startswith('["')]
    verdict, point = json.loads(answer)
    assert verdict == instance["expected"]
    assert from_text(instance["margin"]) > 10 * TOLERANCE
    if verdict == "sat":
        x = [min(max(from_float(c), fmpq(0)), fmpq(1)) for c in point]
        reached = exactly(onnx.load(str(files[0])), x)
        assert abs(reached) > from_text(instance["bound"]) - TOLERANCE


@pytest.mark.parametrize("supremum", ["1", "1/3", "127/128", "1000/7", "5/8", "64", "1/1000"])
def test_bounds_lie_strictly_on_both_sides_and_are_short(supremum: str) -> None:
    exact_one = from_text(supremum)
    holds, fails = ResidualTruth(None, exact_one, (), exact_one).bounds  # pyright: ignore[reportArgumentType]
    for gap in (holds - exact_one, exact_one - fails):
        assert exact_one / 128 < gap <= exact_one / 32
    for bound in (holds, fails):
        assert from_text(decimal(bound)) == bound == FLOAT32.nearest(bound)
        assert int(bound.p).bit_length() <= 8 or bound.q == 1


def test_what_cannot_be_exported_is_refused_and_nothing_written(tmp_path: Path) -> None:
    def refused(target: Target, match: str, floats: FloatFormat = FLOAT64) -> None:
        path = certified(target, tmp_path / "c.json", "1/2", 1)
        with pytest.raises(ConstructError, match=match):
            write_instances(path, tmp_path / "out", floats)
        assert not (tmp_path / "out").exists()

    refused(targets.expression("x0*x1", dim=2), "no ReLU networks")
    refused(KuhnTarget(2, np.array(["1/3", "0", "1"])), "1/3.*float64 holds exactly")
    fine = KuhnTarget(2, np.array([1, 0, fmpq(2**30 + 1, 2**30)]))
    refused(fine, "float32 holds exactly", FLOAT32)
    refused(KuhnTarget(1, np.array([1, 1])), "equal to f everywhere")
    other = claims.geometric(base=2, levels=1, p=2).judge(targets.expression("x0", dim=1))
    other.save(tmp_path / "g.json")
    with pytest.raises(ConstructError, match="multigrade"):
        write_instances(tmp_path / "g.json", tmp_path / "out", FLOAT64)


def test_a_changed_certificate_is_refused(tmp_path: Path) -> None:
    path = certified(LINE, tmp_path / "c.json")
    path.write_text(path.read_text().replace('"3/4"', '"5/8"', 1))
    with pytest.raises(ConstructError, match="rejected"):
        write_instances(path, tmp_path / "out", FLOAT64)
    assert not (tmp_path / "out").exists()


def test_the_command(tmp_path: Path) -> None:
    path, out = certified(LINE, tmp_path / "line.json"), tmp_path / "out"
    done = CliRunner().invoke(main, ["export", str(path), "--format", "vnnlib", "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert [Path(p).is_file() for p in done.output.split()] == [True] * 8
    blocked = CliRunner().invoke(main, ["export", str(path), "--format", "vnnlib", "-o", str(path)])
    assert blocked.exit_code == 2
    assert "expected a folder" in blocked.output
