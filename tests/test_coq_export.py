"""Certificates of geometric networks as Coq files: the kernel accepts the honest ones, and no others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from coq_certificates import saved, wrong_entry
from coq_missing import needs_coq

from constructs import targets
from constructs.errors import ConstructError
from constructs.network import Network
from constructs.targets.specification import from_specification
from verify import claims
from verify.cli import main
from verify.kernel import coq, export, library, stored_tables
from verify.kernel.export import coq_text, kernel_recheck
from verify.kernel.expressions import written
from verify.kernel.geometric_export import geometric_file
from verify.kernel.stated import comment

KUHN = {
    "kind": "kuhn",
    "dim": 2,
    "cells": 3,
    "values": [f"{(3 * i * i + 5 * i) % 7 - 3}/8" for i in range(16)],
}


def quiet(_: str) -> None:
    pass


def certificate(target: Any, levels: int, p: Any = 2, base: int = 2, **options: Any) -> dict[str, Any]:
    return claims.geometric(base, levels, p, **options).judge(target).certificate


def accepts(text: str, tmp_path: Path) -> bool:
    file = tmp_path / "Certificate.v"
    file.write_text(text)
    ran = coq.compile_file(file, library.compiled(quiet), 300)
    assert "Syntax error" not in ran.error
    return ran.accepted


EXAMPLES = {
    "sine": certificate(targets.expression("sin(7*x0)+2", 1), 3, "inf", constant="sharp"),
    "base 3": certificate(targets.expression("sqrt(x0+1)*exp(-x0)", 1), 2, 2, 3),
    "two variables": certificate(targets.expression("max(x0, x1**2) - abs(x0-1/3)/2", 2), 2),
    "three variables": certificate(targets.expression("x0*x1 - tanh(x2)", 3), 1, 3),
    "kuhn": certificate(from_specification(KUHN), 3),
    "two sines": certificate(
        targets.expression("abs(x0-1/3)+x0**2", 1), 3, "inf", decoder="two-sine", constant="sharp"
    ),
}


@needs_coq
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_kernel_accepts(name: str, tmp_path: Path) -> None:
    answer = kernel_recheck(saved(EXAMPLES[name], tmp_path / "c.json"), quiet)
    assert (answer.accepted, answer.error) == (True, "")


@needs_coq
def test_it_says_what_was_accepted_and_what_of_the_certificate_was_not_asked(tmp_path: Path) -> None:
    target = targets.expression("sin(7*x0)+2", 1)
    refuted = claims.geometric(2, 2, p="7/2", constant="1/100").judge(target)
    assert refuted.status.value == "refuted"
    answer = kernel_recheck(saved(refuted.certificate, tmp_path / "c.json"), quiet)
    assert answer.accepted
    assert answer.about[0] == "|f - Phi_l| on the closed cube [0,1]^1, f: sin(7*x0)+2"
    assert "level 2: lipschitz-error: (2d+1) K N^-l" in answer.about
    assert answer.about[-2].startswith("No error against the modulus: p = 7/2")
    assert answer.about[-1].startswith("The certificate's own status is refuted")
    again = kernel_recheck(saved(EXAMPLES["two sines"], tmp_path / "s.json"), quiet)
    assert again.about[-1].startswith("Its other findings")
    run = CliRunner().invoke(main, ["recheck", "--kernel", str(tmp_path / "c.json")])
    assert run.exit_code == 1
    assert run.output == "\n  ".join(["accepted: refuted", "and by the kernel of Coq:", *answer.about]) + "\n"


@needs_coq
def test_a_wrong_table_entry_is_rejected(tmp_path: Path) -> None:
    """By the kernel; and a certificate of such a network is not even written."""
    honest = coq_text(saved(EXAMPLES["sine"], tmp_path / "c.json"))
    words = re.search(r"words3 : array int := \(\[\| (0x[0-9a-f]+)", honest)
    assert words is not None
    word = int(words[1], 16)
    first = 0 if word >> 59 else 0xF  # of fifteen fields of four bits
    changed = honest.replace(words[1], hex(word & ~(0xF << 56) | first << 56))
    assert accepts(honest, tmp_path)
    assert not accepts(changed, tmp_path)
    with pytest.raises(ConstructError, match=r"target = .*: expected one whose error on 8\^1 cells"):
        coq_text(saved(wrong_entry(EXAMPLES["sine"], 1, 2, 3), tmp_path / "d.json"))


@needs_coq
@pytest.mark.parametrize(("level", "change"), [(1, 3), (2, 2), (3, 10**6)])
def test_a_wrong_sine_weight_is_rejected(level: int, change: int, tmp_path: Path) -> None:
    """Changes that the bound of that level, (1 + 1/16) times the modulus, has no room for."""
    honest = coq_text(saved(EXAMPLES["two sines"], tmp_path / "c.json"))
    weight = re.findall(r"SineLevel \(Sines .* \((-?\d+)\)\)", honest)[level - 1]
    changed = honest.replace(f" ({weight}))", f" ({int(weight) + change}))")
    assert changed != honest
    assert not accepts(changed, tmp_path)


@needs_coq
@pytest.mark.parametrize("name", ["sine", "kuhn"])
def test_a_bound_below_the_error_is_rejected(name: str, tmp_path: Path) -> None:
    honest = coq_text(saved(EXAMPLES[name], tmp_path / "c.json"))
    before, bounds, after = re.split(r"(Definition bounds : list Q := \[\n.*?\])", honest, flags=re.DOTALL)
    last = re.findall(r"\((\d+) # (\d+)\)", bounds)[-1]
    lowered = bounds.replace(f"({last[0]} # {last[1]})\n]", f"({int(last[0]) // 8} # {last[1]})\n]")
    assert lowered != bounds
    assert not accepts(before + lowered + after, tmp_path)


def test_a_changed_weight_is_refused(tmp_path: Path) -> None:
    content = json.loads(json.dumps(EXAMPLES["sine"]))
    [neuron] = [n for layer in content["network"]["layers"] for n in layer if n["name"] == "U2"]
    neuron["weights"][0][1] = "1/3"
    with pytest.raises(ConstructError, match="network = "):
        coq_text(saved(content, tmp_path / "c.json"))


def test_what_is_read_makes_the_network() -> None:
    network = Network.from_json(EXAMPLES["two variables"]["network"])
    tables = stored_tables.stored_tables(network, 2, 2)
    assert [len(level.fields) for level in tables.levels] == [4, 16]
    assert all(np.all(level.fields < 1 << level.bits) for level in tables.levels)
    assert stored_tables.made(tables, 2, 2) == network


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda c: c["hash"].update(all="0" * 64), "hash.all = 0000"),
        (lambda c: c["target"].update(text="sin(7*x0)+3"), "hash.all"),
        (lambda c: c.pop("network"), "certificate = KeyError"),
    ],
)
def test_files_that_were_changed_are_refused(change: Any, why: str, tmp_path: Path) -> None:
    path = saved(EXAMPLES["sine"], tmp_path / "c.json")
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(ConstructError, match=why):
        coq_text(path)


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"levels": 2}, "levels = 2: expected as many as the network has, 3"),
        ({"levels": 4}, "levels = 4: expected as many as the network has, 3"),
        ({"levels": -1}, "levels = -1: expected a whole number"),
        ({"dim": True}, "dim = True: expected a whole number"),
        ({"base": "2"}, "base = .*: expected a whole number"),
        ({"base": 3}, "network = a network that differs"),
    ],
)
def test_parameters_of_another_network_are_refused(
    parameters: dict[str, Any], why: str, tmp_path: Path
) -> None:
    content = json.loads(json.dumps(EXAMPLES["sine"]))
    content["claim"]["parameters"].update(parameters)
    with pytest.raises(ConstructError, match=why):
        coq_text(saved(content, tmp_path / "c.json"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [("sin(7*x0)\n  +2", "sin(7*x0) +2"), ("(\n*) Axiom", None), ('"x0', None), ("x0 (* *)", None)],
)
def test_a_target_stays_in_its_comment(text: str, shown: str | None, tmp_path: Path) -> None:
    content = json.loads(json.dumps(EXAMPLES["sine"]))
    content["target"]["text"] = text
    path = saved(content, tmp_path / "c.json")
    if shown is None:
        with pytest.raises(ConstructError):
            coq_text(path)
    else:
        assert coq_text(path).split("\n")[0].endswith(f"f: {shown}")
    assert comment('(*) "*)" (**') == "( * ) * ) ( **"


@needs_coq
def test_a_theorem_that_rests_on_more_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cheating(content: dict[str, Any]) -> str:
        honest = geometric_file(content)
        proof = honest.rindex("Proof.")
        assumed = re.sub("Theorem certificate", "Axiom secret", honest[honest.rindex("Theorem") : proof])
        return (
            honest.replace("Theorem certificate", assumed + "Theorem certificate")[:-5].rsplit("Proof.", 1)[0]
            + "Proof. exact secret. Qed.\n"
        )

    monkeypatch.setitem(export.WRITERS, "geometric", cheating)
    answer = kernel_recheck(saved(EXAMPLES["sine"], tmp_path / "c.json"), quiet)
    assert (answer.accepted, answer.error) == (False, "the theorem rests on Certificate.secret")


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: certificate(targets.expression("x0 + step(x0-1/3)", 1), 1, "inf"), "."),
        (
            lambda: claims.geometric(2, 1, digits="relu").judge(targets.expression("x0", 1)).certificate,
            "network = ",
        ),
        (
            lambda: claims.multiplicative("1/8").judge(targets.expression("x0*(1-x0)", 1)).certificate,
            "claim = ",
        ),
    ],
)
def test_what_is_not_supported_is_refused(made: Any, why: str, tmp_path: Path) -> None:
    with pytest.raises(ConstructError, match=why):
        coq_text(saved(made(), tmp_path / "c.json"))


def test_the_head_says_what_is_left_out_and_why(tmp_path: Path) -> None:
    def head(content: dict[str, Any]) -> str:
        return " ".join(coq_text(saved(content, tmp_path / "c.json")).partition("*)\n\nFrom ")[0].split())

    missing = "No error against the modulus: target = kuhn: expected an expression or a step target"
    assert missing in head(EXAMPLES["kuhn"])
    missing = "No error against the modulus: p = 3/2: expected an integer from 1 up to 8"
    assert missing in head(certificate(targets.expression("sin(x0)", 1), 1, "3/2"))
    missing = "No bound at every point: certificate = level 0: expected a proved error for p = inf"
    root = certificate(targets.expression("sqrt(x0)", 1), 1)
    assert missing in head(root)
    assert "No error" not in head(root)


def test_the_command_line(tmp_path: Path) -> None:
    path, out = saved(EXAMPLES["sine"], tmp_path / "c.json"), tmp_path / "c.v"
    run = CliRunner()
    assert run.invoke(main, ["export", str(path), "--format", "coq", "-o", str(out)]).exit_code == 0
    printed = run.invoke(main, ["export", str(path), "--format", "coq"])
    assert (printed.exit_code, printed.stdout) == (0, out.read_text())
    missing = run.invoke(main, ["export", str(tmp_path / "none.json"), "--format", "coq"])
    assert (missing.exit_code, missing.stderr.count("\n")) == (2, 1)
    (tmp_path / "bad.json").write_text("[1, 2]")
    bad = run.invoke(main, ["export", str(tmp_path / "bad.json"), "--format", "coq"])
    assert (bad.exit_code, bad.stderr.count("\n")) == (2, 1)


@needs_coq
def test_recheck_by_the_kernel(tmp_path: Path) -> None:
    path = saved(EXAMPLES["sine"], tmp_path / "c.json")
    run = CliRunner().invoke(main, ["recheck", "--kernel", str(path), "--json"])
    said = json.loads(run.stdout)
    assert (run.exit_code, said["accepted"], said["status"], said["kernel"]["accepted"]) == (
        0,
        True,
        "proved",
        True,
    )


@needs_coq
def test_what_the_kernel_is_not_asked_is_for_the_checker(tmp_path: Path) -> None:
    """A constant that is too small is in no Coq file, and the kernel accepts what is left; the command does not."""
    content = certificate(targets.expression("sin(7*x0)+2", 1), 2, 1)
    content["claim"]["parameters"]["constant"] = "1/1000"
    path = saved(content, tmp_path / "c.json")
    answer = kernel_recheck(path, quiet)
    assert answer.accepted
    assert any(line.startswith("No error against the modulus") for line in answer.about)
    run = CliRunner().invoke(main, ["recheck", "--kernel", str(path)])
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith("approxcert: rejected: ")
    in_json = CliRunner().invoke(main, ["recheck", "--kernel", str(path), "--json"])
    assert in_json.exit_code == 2
    said = json.loads(in_json.stdout)
    assert (said["accepted"], said["status"], said["kernel"]) == (False, None, None)


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "dim", "levels"), [("sin(7*x0)+2", 1, 17), ("exp(-x0*x1)*sin(3*x0+x1)", 2, 8)]
)
def test_large_tables(text: str, dim: int, levels: int, tmp_path: Path) -> None:
    content = certificate(targets.expression(text, dim), levels, "inf")
    assert kernel_recheck(saved(content, tmp_path / "c.json"), quiet).accepted


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("x0**2 - 1/3", "(powerRZ (coord 0 x) (2) - (1 / 3))"),
        ("-x0", "(-(coord 0 x))"),
        ("x0**(3/2)", "powerRZ (sqrt (coord 0 x)) (3)"),
        ("min(x0, 1)", "(((coord 0 x + 1) - Rabs (coord 0 x - 1)) / 2)"),
    ],
)
def test_expressions_in_coq(text: str, real: str) -> None:
    assert written(text, 1).real.replace("((", "(").replace("))", ")") == real.replace("((", "(").replace(
        "))", ")"
    )


def test_long_expressions_are_refused() -> None:
    with pytest.raises(ConstructError, match="at most 2000 operations"):
        written("+".join(["sin(x0)*exp(x0)"] * 500) + "*x0", 1)


def test_a_library_that_is_rejected_is_no_refutation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit status 1 of `recheck` says that the claim is refuted."""

    def rejected(*_: object) -> None:
        raise library.NotProved("Sums.v: rejected")

    monkeypatch.setattr(export, "asked_kernel", rejected)
    path = saved(EXAMPLES["sine"], tmp_path / "c.json")
    run = CliRunner().invoke(main, ["recheck", "--kernel", str(path)])
    assert (run.exit_code, run.output) == (2, "approxcert: rejected: Sums.v: rejected\n")


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("sleep 60", "coqc was stopped after 0.5 s"),
        ("kill -9 $$", "coqc was ended by signal 9"),
        ("echo 'Error: Out of memory.' >&2; exit 1", "Out of memory"),
        ("echo 'Error: Stack overflow.' >&2; exit 1", "Stack overflow"),
    ],
)
def test_coq_without_an_end_decides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, says: str
) -> None:
    """Neither accepted nor rejected: `recheck --kernel` ends with 3."""
    ends = tmp_path / "bin" / "coqc"
    ends.parent.mkdir()
    ends.write_text(f"#!/bin/sh\n{does.replace('sleep', 'exec sleep')}\n")
    ends.chmod(0o755)
    file = tmp_path / "A.v"
    file.write_text("Theorem right : True. Proof. exact I. Qed.")
    monkeypatch.setenv("PATH", str(ends.parent), prepend=":")
    ran = coq.compile_file(file, tmp_path, 0.5 if "sleep" in does else 60)
    assert (ran.accepted, ran.decided) == (False, False)
    assert says in ran.first_error

    answer = export.KernelAnswer(ran.accepted, ran.first_error, (), ran.decided)
    monkeypatch.setattr(export, "asked_kernel", lambda *_: answer)
    path = saved(EXAMPLES["sine"], tmp_path / "c.json")
    run = CliRunner().invoke(main, ["recheck", "--kernel", str(path)])
    assert run.exit_code == 3
    assert run.output == f"approxcert: undecided (budget) by Coq: {ran.first_error}\n"
    said = json.loads(CliRunner().invoke(main, ["recheck", "--kernel", "--json", str(path)]).stdout)
    assert (said["accepted"], said["kernel"]["decided"]) == (False, False)


@needs_coq
def test_a_compiler_that_compiles_nothing_accepts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = tmp_path / "bin" / "coqc"
    idle.parent.mkdir()
    idle.write_text('#!/bin/sh\n[ "$1" = --print-version ] && echo 8.16.1 4.13.1\nexit 0\n')
    idle.chmod(0o755)
    file = tmp_path / "A.v"
    file.write_text("Theorem wrong : False. Proof. Admitted.")
    monkeypatch.setenv("PATH", str(idle.parent), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert not coq.compile_file(file, tmp_path, 60).accepted
    with pytest.raises(library.NotProved, match="no compiled file"):
        library.compiled(quiet)
