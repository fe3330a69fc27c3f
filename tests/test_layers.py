"""Who may import whom, read from the source; and what proofs must not lean on."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(p for package in ("constructs", "verify") for p in (ROOT / package).rglob("*.py"))
NAMES = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in FILES}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in NAMES.items()}
FORBIDDEN = {"eval", "exec", "sympify", "compile", "__import__"}


def _is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(tree: ast.AST, everywhere: bool = True) -> set[str]:
    """The modules imported; without `everywhere` those of the module's own level at run time."""
    found: set[str] = set()
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            module = node.module or ""
            found |= {f"{module}.{a.name}" if f"{module}.{a.name}" in NAMES else module for a in node.names}
        elif not everywhere and (isinstance(node, ast.FunctionDef) or _is_typing_only(node)):
            continue
        stack += ast.iter_child_nodes(node)
    return found


def test_the_reader_of_imports_reads():
    tree = ast.parse("import a.b\nfrom verify import regions\ndef f():\n    import ival\n")
    assert imports(tree) == {"a.b", "verify.regions", "ival"}
    assert imports(tree, everywhere=False) == {"a.b", "verify.regions"}
    assert "verify.axes" in imports(TREES["verify.regions"])
    assert len(TREES) > 30


def test_constructs_never_imports_verify():
    for name, tree in TREES.items():
        if name.split(".")[0] == "constructs":
            assert not any(i.split(".")[0] == "verify" for i in imports(tree)), name


def test_the_checker_imports_the_standard_library_only():
    if not (ROOT / "verify" / "check.py").exists():
        pytest.skip("no checker yet")
    roots = {i.split(".")[0] for i in imports(TREES["verify.check"])}
    assert roots <= set(sys.stdlib_module_names)


def test_nobody_builds_on_the_checker_but_its_callers():
    for name, tree in TREES.items():
        if "verify.check" in imports(tree, everywhere=False):
            assert name in {"verify.cli", "verify.certificate", "verify.verdict"}, name


def test_interval_arithmetic_enters_by_one_door():
    users = {
        name
        for name, tree in TREES.items()
        if any(i.split(".")[0] in {"ival", "crival"} for i in imports(tree))
    }
    assert users == {"verify.enclosure"}


def test_nothing_but_the_strategies_needs_hypothesis():
    for name, tree in TREES.items():
        if not name.startswith("verify.strategies"):
            found = {
                i
                for i in imports(tree)
                if i.split(".")[0] == "hypothesis" or i.startswith("verify.strategies")
            }
            assert not found, name


def test_only_the_command_line_and_reports_need_the_symbolic_derivations():
    for name, tree in TREES.items():
        if not name.startswith(("verify.symbolic", "verify.cli", "verify.report")):
            assert not any(i.startswith("verify.symbolic") for i in imports(tree)), name
    for name in ("verify.cli.proving", "verify.report.derivation"):
        assert not any(i.startswith("verify.symbolic") for i in imports(TREES[name], everywhere=False)), name


def test_no_import_cycles():
    graph = {name: imports(tree, everywhere=False) & NAMES.keys() - {name} for name, tree in TREES.items()}
    while graph:
        free = [name for name, needs in graph.items() if not needs & graph.keys()]
        assert free, f"cycle among {sorted(graph)}"
        for name in free:
            del graph[name]


@pytest.mark.parametrize("name", sorted(TREES))
def test_no_proof_by_assert_and_no_evaluation_of_text(name: str):
    for node in ast.walk(TREES[name]):
        where = f"{name}:{getattr(node, 'lineno', '?')}"
        assert not isinstance(node, ast.Assert), where
        if isinstance(node, ast.Name):
            assert node.id not in FORBIDDEN, where
        if isinstance(node, ast.Attribute):
            assert node.attr not in FORBIDDEN - {"compile"}, where  # re.compile is no evaluation
    assert not {i.split(".")[0] for i in imports(TREES[name])} & {"pickle", "marshal", "shelve", "dill"}
