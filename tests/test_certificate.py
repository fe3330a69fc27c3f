"""Writing certificates: whole or not at all, bound by hashes, versions included, chained by nestedness."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from instances import INSTANCES, judged

from constructs import targets
from verify import certificate, claims


def test_canonical_text_and_digest() -> None:
    assert certificate.canonical({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"\\u00e9"]}'
    assert certificate.digest([]) == hashlib.sha256(b"[]").hexdigest()


def test_sealed_has_versions_and_hashes_of_its_parts() -> None:
    sealed = judged(INSTANCES[0]).certificate
    assert sealed["producer"].keys() >= {"approxcert", "python-flint", "crival", "python"}
    for part in ("claim", "target", "network"):
        text = json.dumps(sealed[part], sort_keys=True, separators=(",", ":"))
        assert sealed["hash"][part] == hashlib.sha256(text.encode()).hexdigest()


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    certificate.write({"a": 1}, path)
    assert json.loads(path.read_text()) == {"a": 1}
    with pytest.raises(TypeError):
        certificate.write({"a": object()}, path)
    assert json.loads(path.read_text()) == {"a": 1}
    assert list(tmp_path.iterdir()) == [path]


def test_accepted_compares_the_status() -> None:
    verdict = judged(INSTANCES[0])
    assert certificate.accepted(verdict.certificate, 0) is None
    assert certificate.accepted(verdict.certificate, 1) == "accepted: proved"
    assert "rejected" in str(certificate.accepted({**verdict.certificate, "status": "refuted"}, 1))


@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit(1)",
        "import os; os.abort()",
        "raise RuntimeError",
        "print('accepted: refuted'); raise SystemExit(1)",
        "print('[]'); raise SystemExit(1)",
        """print('{"accepted": true, "status": "proved", "place": null, "message": ""}'); raise SystemExit(1)""",
        """print('{"accepted": false, "status": "refuted", "place": "", "message": ""}'); raise SystemExit(1)""",
        """print('{"accepted": true, "status": null, "place": null, "message": ""}'); raise SystemExit(2)""",
    ],
)
def test_a_checker_that_dies_accepts_nothing(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = tmp_path / "check.py"
    dying.write_text(body)
    monkeypatch.setattr(certificate, "CHECKER", dying)
    verdict = judged(next(i for i in INSTANCES if i.status == "refuted"))
    assert certificate.ask(b"{}")[0] is None
    assert certificate.accepted(verdict.certificate, 1) is not None


def test_a_deeper_network_contains_the_network_of_the_shallower_certificate() -> None:
    target = targets.expression("abs(x0 - 1/3)*x1", dim=2)
    hashes = []
    for levels in (0, 1, 2, 3):
        made = claims.geometric(2, levels, p=1).judge(target).certificate
        contains = next(f["contains"] for f in made["findings"] if f["property"] == "nested")
        assert contains == (hashes[-1] if hashes else None)
        hashes.append(made["hash"]["network"])
    assert len(set(hashes)) == 4
