"""The command line on a claim of one's own: --set, defaults, one line for every mistake, the certificate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from own_examples import FOLDER

from verify.cli import main

SQUARE = f"{FOLDER / 'yarotsky_square.py'}:yarotsky"
ROOF = f"{FOLDER / 'minimal_width.py'}:roof"
HEAD = """from constructs.raw_layers import layers
from verify.theorem import *

one = layers([[("relu", [1], 0)]], ([1], 0))

def of(**what):
    return theorem(**({"name": "t", "source": "s", "parameters": {}, "construct": lambda: one,
                       "conditions": [width(1)], "target": "x0"} | what))

"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def own(folder: Path, text: str, *arguments: str) -> Result:
    """`check` on the theorem `t` of a file with this text after HEAD, the checker not asked."""
    path = folder / "mine.py"
    path.write_text(HEAD + text)
    return run("check", f"{path}:t", "--no-recheck", *arguments)


def test_true_and_false_from_a_file() -> None:
    done = run("check", SQUARE, "--set", "m=5", "--no-recheck")
    assert done.exit_code == 0, done.output
    assert "1/4096" in done.stdout
    done = run("check", SQUARE.replace("yarotsky", "too_good").replace("too_good_square", "yarotsky_square"),
               "--set", "m=5", "--no-recheck")  # fmt: skip
    assert done.exit_code == 1, done.output
    assert "at x0 = 1/64: f = 1/4096, Phi = 1/2048" in done.stdout


def test_another_target_than_the_default() -> None:
    done = run("check", SQUARE, "--set", "m=5", "--target", "x0**2 + 1/8192", "--no-recheck")
    assert done.exit_code == 0  # between Phi and x²: closer
    done = run("check", SQUARE, "--set", "m=5", "--target", "x0", "--dim", "1", "--no-recheck")
    assert done.exit_code == 1
    done = run("check", ROOF, "--target", "x0*x1", "--no-recheck")
    assert done.exit_code == 1  # the dimension is that of the theorem
    done = run("check", ROOF, "--target", "x0", "--dim", "1", "--no-recheck")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)


def test_json_and_the_certificate(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    done = run("check", SQUARE, "--set", "m=3", "--json", "--no-recheck", "-o", str(path))
    verdict = json.loads(done.stdout)
    assert (verdict["claim"], verdict["status"]) == ("own", "proved")
    assert verdict["parameters"]["values"] == {"m": "3"}
    assert verdict["network"]["width_stated"] == 3
    keys = {"property", "level", "status", "value", "bound", "ratio_upper", "reason"}
    assert all(set(f) == keys for f in verdict["findings"])
    stored = json.loads(path.read_text())
    assert stored["claim"]["parameters"] == verdict["parameters"]
    assert [f["status"] for f in stored["findings"]] == ["proved"] * len(verdict["findings"])


def test_show() -> None:
    done = run("show", SQUARE)
    assert done.exit_code == 0
    assert "m                 a whole number from 1 to 12" in done.stdout
    assert "Proposition 2" in done.stdout
    assert "width <= 3" in done.stdout
    assert run("show", f"{FOLDER / 'yarotsky_square.py'}:nothing").exit_code == 2


BAD = [
    ((SQUARE,), "a value: m: a whole number"),
    ((SQUARE, "--set", "m=0"), "m = 0"),
    ((SQUARE, "--set", "m=13"), "m = 13"),
    ((SQUARE, "--set", "m=1.5"), "m = 1.5"),
    ((SQUARE, "--set", "m=__import__('os')"), "exact number"),
    ((SQUARE, "--set", "n=3"), "parameter = n"),
    ((SQUARE, "--set", "m"), "NAME=VALUE"),
    ((SQUARE, "--set", "m=3", "--levels", "2"), "--levels"),
    ((SQUARE, "--set", "m=3", "--dim", "1"), "--dim"),
    ((SQUARE, "--set", "m=3", "--target", "x1"), "x1"),
    (("geometric", "--target", "x0", "--dim", "1", "--set", "m=3"), "--set"),
    (("nowhere.py:t",), "no nowhere.py"),
    ((SQUARE.replace(":yarotsky", ":missing"),), "yarotsky, too_good"),
    ((SQUARE.replace(":yarotsky", ":network"),), "type function"),
    ((SQUARE.replace(":yarotsky", ""),), "file.py:NAME"),
    ((SQUARE.replace(":yarotsky", ":a b"),), "file.py:NAME"),
    (("README.md:t",), "file.py:NAME"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda a: str(a)[-40:])
def test_bad_input_is_one_line_and_exit_2(arguments: tuple[str, ...], named: str) -> None:
    done = run("check", *arguments, "--no-recheck")
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.startswith("approxcert: ")
    assert done.stderr.count("\n") == 1
    assert named in done.stderr


BROKEN = [
    ("t = of(", "mine.py:10"),
    ("1/0", "ZeroDivisionError: division by zero: expected no exception; this one comes from"),
    ("raise SystemExit(0)", "SystemExit"),
    ("import no_such_module", "ModuleNotFoundError"),
    ("t = of(construct=lambda: 1/0)", "mine.py:10"),
    ("t = of(construct=lambda: None)", "NoneType"),
    ("t = of(conditions=[lambda: [][0]])", "IndexError"),
    ("t = of(conditions=[custom('c', lambda: undefined)])", "NameError"),
    ("t = of(conditions=[error('inf', lambda: 2**-3)])", "2**-m is a float"),
    ("t = of(construct=lambda: layers([[('relu', [1, 2], 0)]], ([1], 0)))", "neuron 1.0"),
    ("t = of(construct=lambda k: one)", "a function of k"),
    ("t = of(target='x0 +')", "expression"),
    ("t = of(target=None)", "target = none"),
    ("t = of(target=7)", "type int"),
    ("t = of(name='')", "name"),
]


@pytest.mark.parametrize(("text", "named"), BROKEN, ids=lambda s: s[:40])
def test_a_broken_file_is_one_line_and_exit_2(text: str, named: str, tmp_path: Path) -> None:
    done = own(tmp_path, text)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert named in done.stderr, done.stderr


def test_what_the_file_prints_is_no_result(tmp_path: Path) -> None:
    text = "print('loading')\nt = of(construct=lambda: print('building') or one)"
    done = own(tmp_path, text, "--json")
    assert json.loads(done.stdout)["status"] == "proved"
    assert done.stderr.split()[:2] == ["loading", "building"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    assert own(tmp_path, "t = of(conditions=[width(1)])").exit_code == 0
    assert own(tmp_path, "t = of(conditions=[width(0)])").exit_code == 1
    assert not (tmp_path / "__pycache__").exists()


def test_a_file_may_use_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "a_neighbour_of_mine.py").write_text("NUMBER = 1\n")
    assert (
        own(tmp_path, "from a_neighbour_of_mine import NUMBER\nt = of(conditions=[width(NUMBER)])").exit_code
        == 0
    )


def test_no_certificate_means_undecided_and_no_file(tmp_path: Path) -> None:
    text = "t = of(construct=lambda: layers([[('sine', [1], 0)]], ([1], 0)))"
    done = own(tmp_path, text, "-o", str(tmp_path / "c.json"))
    assert done.exit_code == 3
    assert "no certificate" in done.stdout
    assert "sine" in done.stdout
    assert not (tmp_path / "c.json").exists()


def test_the_authors_own_conditions_are_told(tmp_path: Path) -> None:
    done = own(
        tmp_path, "t = of(conditions=[custom('holds', lambda: True), custom('why', lambda: 'no idea')])"
    )
    assert done.exit_code == 3
    assert "holds (not independently checked)" in done.stdout
    assert "why (not independently checked): no idea" in done.stdout


def test_markup_in_texts_is_no_markup(tmp_path: Path) -> None:
    done = own(
        tmp_path, "t = of(name='[red]x[/red]', source='[b]', conditions=[custom('[/]', lambda: '[/red]')])"
    )
    assert done.exit_code == 3, done.output
    for text in ("[red]x[/red]", "[b]", "[/]", "[/red]"):
        assert text in done.stdout
