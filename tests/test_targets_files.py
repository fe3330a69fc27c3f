"""Targets from files, and a clear refusal for every malformed one."""

from __future__ import annotations

from pathlib import Path

import pytest
from flint import fmpq

from constructs import targets
from constructs.errors import ConstructError


def load(folder: Path, name: str, content: str | bytes, dim: int = 1):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return targets.parse(f"@{path}", dim)


def test_json(tmp_path: Path) -> None:
    kuhn = '{"kind": "kuhn", "dim": 1, "cells": 2, "values": ["0", "1/3", 0.1]}'
    f = load(tmp_path, "a.json", kuhn)
    assert f.exact(["1/2"]) == fmpq(1, 3)
    assert f.exact([1]) == fmpq(1, 10)  # the decimal, not the float
    step = '{"kind": "step", "dim": 1, "axes": [{"breaks": ["1/3"], "values": [1, "0x3p-2"]}]}'
    assert load(tmp_path, "b.JSON", step).exact([1]) == fmpq(3, 4)
    samples = '{"kind": "samples", "dim": 2, "lipschitz": "2", "points": [["0", 0.5]], "values": [1e-1]}'
    assert load(tmp_path, "c.json", samples, 2).exact([0, 1]) == fmpq(11, 10)
    assert load(tmp_path, "d.json", '{"kind": "expression", "dim": 1, "text": "x0"}').exact([1]) == 1


def test_csv(tmp_path: Path) -> None:
    grid = "x0,x1,value\n0,0,1\n1,0,0.5\n\n0, 1 ,1/3\n1.0,1,1e-1\n"
    f = load(tmp_path, "a.csv", grid, 2)
    assert [f.exact(x) for x in ([0, 0], [1, 0], [0, 1], [1, 1])] == [1, fmpq(1, 2), fmpq(1, 3), fmpq(1, 10)]
    scattered = "# lipschitz = 3/2\nx0,value\r\n0.3,0\r\n1,1\r\n"
    assert load(tmp_path, "b.csv", scattered).exact(["0.5"]) == fmpq(3, 10)
    assert load(tmp_path, "c.csv", b"\xef\xbb\xbfx0,value\n0,0\n1/2,5\n1,0\n").exact(["1/2"]) == 5


KUHN = '"kind": "kuhn", "dim": 1, "cells": 1'
BAD = [
    ("a.json", "", "a JSON object"),
    ("a.json", "{", "a JSON object"),
    ("a.json", "[" * 100_000, "a JSON object"),
    ("a.json", "[]", "a JSON object"),
    ("a.json", "null", "null"),
    ("a.json", '{"kind": "kuhn", "kind": "step"}', "every key once"),
    ("a.json", '{"kind": "spline"}', "one of kuhn, step, expression, samples"),
    ("a.json", '{"kind": ["kuhn"]}', "one of kuhn"),
    ("a.json", "{}", "one of kuhn"),
    ("a.json", f"{{{KUHN}}}", "missing key 'values'"),
    ("a.json", f'{{{KUHN}, "values": [0, 1], "more": 1}}', "unknown key 'more'"),
    ("a.json", f'{{{KUHN}, "values": [0, NaN]}}', "a finite number"),
    ("a.json", f'{{{KUHN}, "values": [0, -Infinity]}}', "a finite number"),
    ("a.json", f'{{{KUHN}, "values": [0, "nan"]}}', "an exact number"),
    ("a.json", f'{{{KUHN}, "values": [0, "1/0"]}}', "an exact number"),
    ("a.json", f'{{{KUHN}, "values": [0, 1e999999]}}', "an exact number"),
    ("a.json", f'{{{KUHN}, "values": [0, true]}}', r"values\[1\]"),
    ("a.json", f'{{{KUHN}, "values": [0, null]}}', r"values\[1\]"),
    ("a.json", f'{{{KUHN}, "values": [[0], 1]}}', r"values\[0\]"),
    ("a.json", f'{{{KUHN}, "values": {{}}}}', "a list"),
    ("a.json", f'{{{KUHN}, "values": [0]}}', "= 2 values"),
    ("a.json", f'{{{KUHN}, "values": [0, {"9" * 5000}]}}', "an exact number"),
    ("a.json", '{"kind": "kuhn", "dim": 1, "cells": 0, "values": [0]}', "cells = 0"),
    ("a.json", '{"kind": "kuhn", "dim": 1, "cells": 1.0, "values": [0, 1]}', "cells = 1.0"),
    ("a.json", '{"kind": "kuhn", "dim": 10, "cells": 16777216, "values": [0, 1]}', "GiB"),
    ("a.json", '{"kind": "kuhn", "dim": 11, "cells": 1, "values": [0, 1]}', "dim = 11"),
    ("a.json", '{"kind": "kuhn", "dim": "1", "cells": 1, "values": [0, 1]}', "dim = 1"),
    ("a.json", '{"kind": "kuhn", "dim": 2, "cells": 1, "values": [0, 1, 2, 3]}', "dim = 2, that of"),
    ("a.json", '{"kind": "step", "dim": 1, "axes": []}', "dim = 1 axes"),
    ("a.json", '{"kind": "step", "dim": 1, "axes": [[]]}', r'axes\[0\].*"breaks" and "values"'),
    ("a.json", '{"kind": "step", "dim": 1, "axes": [{"breaks": [2], "values": [0, 1]}]}', "0 < b_1"),
    ("a.json", '{"kind": "expression", "dim": 1, "text": 3}', "a string"),
    ("a.json", '{"kind": "expression", "dim": 1, "text": "x0.y"}', "at character 3"),
    ("a.json", '{"kind": "samples", "dim": 1, "lipschitz": 1, "points": [0], "values": [0]}', r"points\[0\]"),
    (
        "a.json",
        '{"kind": "samples", "dim": 1, "lipschitz": 1, "points": [[0], [1]], "values": [0, 3]}',
        "samples 0 and 1",
    ),
    ("a.json", b"\xff\xfe{}", "UTF-8"),
    ("a.csv", "", "a header"),
    ("a.csv", "0,0\n1,1\n", "a header"),
    ("a.csv", "x0\n0\n", "a header"),
    ("a.csv", "x1,value\n0,0\n", "a header"),
    ("a.csv", "x0,value\n", "a full grid"),
    ("a.csv", "x0,value\n0,1\n", "a full grid"),
    ("a.csv", "x0,value\n0,0,0\n1,1\n", "row 1"),
    ("a.csv", "x0,value\n0,0\n1,\n", "row 2, value"),
    ("a.csv", "x0,value\n0,0\n1,nan\n", "row 2, value"),
    ("a.csv", "x0,value\n0,0\n0.333,1\n0.667,1\n1,0\n", "1/3, not 0.333"),
    ("a.csv", "x0,value\n0,0\n1,1\n2,0\n", "uniform grid"),
    ("a.csv", "x0,value\n0,0\n1,1\n1,0\n", "a full grid"),
    ("a.csv", "x0,x1,value\n0,0,0\n0,1,0\n1,0,0\n", "a full grid"),
    ("a.csv", "x0,x1,value\n0,0,0\n0,1,0\n1,0,0\n1,0,1\n", "every node once"),
    ("a.csv", 'x0,value\n0,"0\n', "comma separated"),
    ("a.csv", "# K=1\nx0,value\n0,0\n", "lipschitz=K"),
    ("a.csv", "# lipschitz=x\nx0,value\n0,0\n", "lipschitz = x"),
    ("a.csv", "# lipschitz=1\nx0,value\n0,0\n1,2\n", "samples 0 and 1"),
    ("a.csv", "# lipschitz=1\nx0,value\n-1,0\n", "in \\[0, 1\\]"),
    ("a.txt", "x0", "ends in .json or .csv"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD, ids=[str(c)[:30] for _, c, _ in BAD])
def test_bad_files(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    with pytest.raises(ConstructError, match=message) as caught:
        load(tmp_path, name, content)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.json").mkdir()
    for name in ("missing.json", "folder.json", "null\0byte.csv"):
        with pytest.raises(ConstructError, match="a readable file"):
            targets.parse(f"@{tmp_path}/{name}", 1)
    monkeypatch.setattr("constructs.targets.files.LARGEST_FILE", 10)
    with pytest.raises(ConstructError, match="at most 10 bytes"):
        load(tmp_path, "big.csv", "x0,value\n0,0\n1,1\n")
