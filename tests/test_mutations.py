"""Bad certificates are rejected: in process, by the program, and under python -O."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import recompute
import recompute_multigrade
import recompute_multiplicative
import recompute_own
from instances import INSTANCES, Instance, judged
from mutations import canonical, resealed, survivors, textual_mutants

ROOT = Path(__file__).parent.parent
CHECKER = ROOT / "verify" / "check.py"
SMALL = 40_000  # bytes: of larger certificates a part of the mutants is tried


def load_checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("trusted_checker", CHECKER)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(CHECKER)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    return load_checker()


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda i: i.name)
def test_the_true_certificate_is_accepted_with_its_status(instance: Instance, checker: ModuleType) -> None:
    verdict = judged(instance)
    assert verdict.status.value == instance.status
    assert checker.recheck(json.dumps(verdict.certificate).encode()) == instance.status


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda i: i.name)
def test_mutants_are_rejected(instance: Instance, checker: ModuleType) -> None:
    assert survivors(judged(instance).certificate, checker.recheck, stride=31) == []


@pytest.mark.slow
@pytest.mark.parametrize("instance", INSTANCES, ids=lambda i: i.name)
def test_all_mutants_are_rejected(instance: Instance, checker: ModuleType) -> None:
    assert survivors(judged(instance).certificate, checker.recheck) == []


def test_resealing_gives_the_writers_hashes() -> None:
    certificate = judged(INSTANCES[0]).certificate
    assert canonical(resealed(certificate)) == canonical(certificate)


def test_mutants_are_rejected_without_asserts(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    judged(INSTANCES[-1]).save(path)
    command = [sys.executable, "-O", str(ROOT / "tests" / "mutations.py"), str(path)]
    environment = {"PYTHONPATH": str(ROOT / "verify")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("0 survivors\n")


def test_the_program_rejects_in_one_line_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    for name, data in list(textual_mutants(judged(INSTANCES[0]).certificate))[::6]:
        path.write_bytes(data)
        for flags in ([], ["-O"]):
            command = [sys.executable, *flags, str(CHECKER), str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 2, name
            assert done.stdout == "", name
            assert done.stderr.startswith("rejected: "), name
            assert done.stderr.count("\n") == 1, name


def test_every_rejection_names_the_place(checker: ModuleType) -> None:
    certificate = judged(INSTANCES[0]).certificate
    certificate = resealed({**certificate, "findings": certificate["findings"][:-1]})
    with pytest.raises(checker.Rejected) as caught:
        checker.recheck(json.dumps(certificate).encode())
    assert "findings" in str(caught.value.place)


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda i: i.name)
def test_the_second_opinion_confirms_the_true_certificate(instance: Instance) -> None:
    certificate = judged(instance).certificate
    assert {
        "geometric": recompute.holds,
        "multigrade": recompute_multigrade.holds,
        "multiplicative": recompute_multiplicative.holds,
        "own": recompute_own.holds,
    }[instance.claim](certificate)
