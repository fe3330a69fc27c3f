"""Reads an expression into a list of nodes by recursive descent; the text reaches nothing else."""

from __future__ import annotations

import re

from flint import fmpq, fmpz

from constructs.errors import ConstructError, nearest_name
from constructs.targets.nodes import Node, arithmetic

LONGEST_TEXT = 20_000
MOST_NODES = 5_000
DEEPEST = 100
MOST_DIGITS = 400
LARGEST_EXPONENT = 400
LARGEST_POWER = 64
ONE_ARGUMENT = ("abs", "sqrt", "exp", "log", "sin", "cos", "tanh", "step")
MORE_ARGUMENTS = ("min", "max")

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<sign>\*\*|[-+*/(),]))"
)
_BLANK = re.compile(r"[ \t\r\n]*")
_HEIGHT = 1 << 14  # bits of a constant


def parse(text: str, dim: int) -> tuple[Node, ...]:
    """The nodes of an expression, every node after its arguments, equal subexpressions shared, the root last.

    Requires: text in the grammar of verify/CERTIFICATE.md, 4.3 and 4.4; variables x0..x{dim-1}.
    Raises: ConstructError that says where.

    >>> [node.op for node in parse("x0*x0 + 1/3", 1)]
    ['variable', '*', 'number', 'number', '/', '+']
    """
    if len(text) > LONGEST_TEXT:
        raise ConstructError(
            "expression", text[:60] + "...", f"at most {LONGEST_TEXT} characters, not {len(text)}"
        )
    return _Parser(text, dim).nodes_used()


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found, position, end = [], 0, len(text.rstrip(" \t\r\n"))
    while position < end:
        match = _TOKEN.match(text, position)
        if not match:
            start = _blank_end(text, position)
            raise ConstructError(
                "expression", text, f"a number, a name or one of + - * / ** ( ) , at character {start + 1}"
            )
        kind = str(match.lastgroup)
        found.append((kind, match[kind], match.start(kind)))
        position = match.end()
    found.append(("end", "", end))
    return found


def _blank_end(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


class _Parser:
    def __init__(self, text: str, dim: int) -> None:
        self.text, self.dim = text, dim
        self.tokens, self.position, self.depth, self.count = _tokens(text), 0, 0, 0
        self.nodes: list[Node] = []
        self.constants: list[fmpq | None] = []  # of nodes made of numbers, + - * / and ** only
        self.known: dict[tuple[object, ...], int] = {}
        self.root = self.sum()
        if self.tokens[self.position][0] != "end":
            raise self.error("an operator or the end of the text")

    def error(self, expected: str, place: int | None = None, hint: str = "") -> ConstructError:
        _, shown, start = self.tokens[self.position if place is None else place]
        shown = shown if len(shown) <= 20 else shown[:17] + "..."
        found = "" if place is not None else f", not {shown!r}" if shown else ", not the end"
        return ConstructError("expression", self.text, f"{expected} at character {start + 1}{found}{hint}")

    def take(self, *signs: str) -> str | None:
        kind, shown, _ = self.tokens[self.position]
        if kind == "sign" and shown in signs:
            self.position += 1
            return shown
        return None

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise self.error(f"{sign!r}")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"at most {DEEPEST} nested levels")

    def counted(self) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            raise self.error(f"at most {MOST_NODES} nodes")

    def node(self, op: str, args: tuple[int, ...] = (), number: fmpq | None = None, axis: int = -1) -> int:
        self.counted()
        key = (op, args, axis, None if number is None else (int(number.p), int(number.q)))
        if key not in self.known:
            self.known[key] = len(self.nodes)
            self.nodes.append(Node(op, args, number, axis))
            self.constants.append(self.constant(self.nodes[-1]))
        return self.known[key]

    def constant(self, node: Node) -> fmpq | None:
        if node.op == "number":
            return node.number
        values = [self.constants[a] for a in node.args]
        if node.op not in ("neg", "+", "-", "*", "/", "**") or any(v is None for v in values):
            return None
        value = arithmetic(node, [v for v in values if v is not None])
        if value is not None and value.height_bits() > _HEIGHT:
            raise self.error(f"constants of at most {_HEIGHT} bits before this place")
        return value

    def sum(self) -> int:
        left = self.term()
        while sign := self.take("+", "-"):
            left = self.node(sign, (left, self.term()))
        return left

    def term(self) -> int:
        left = self.factor()
        while sign := self.take("*", "/"):
            left = self.node(sign, (left, self.factor()))
        return left

    def factor(self) -> int:
        signs, depth = [], self.depth
        while sign := self.take("+", "-"):
            self.deeper()
            signs.append(sign)
        value = self.power()
        self.depth = depth
        for sign in reversed(signs):
            if sign == "-":
                value = self.node("neg", (value,))
            else:
                self.counted()
        return value

    def power(self) -> int:
        base = self.atom()
        start = self.position
        if not self.take("**"):
            return base
        self.deeper()
        exponent = self.constants[self.factor()]
        self.depth -= 1
        if exponent is None:
            raise self.error("a constant exponent, made of numbers with + - * / **, after '**'", start)
        if abs(exponent.p) > LARGEST_POWER or exponent.q > LARGEST_POWER:
            raise self.error(f"an exponent a/b with |a|, b <= {LARGEST_POWER} after '**'", start)
        return self.node("**", (base,), number=exponent)

    def atom(self) -> int:
        kind, shown, _ = self.tokens[self.position]
        if kind == "number":
            value = self.literal(shown)
            self.position += 1
            return self.node("number", number=value)
        if kind == "name":
            if self.tokens[self.position + 1][1] == "(":
                return self.call(shown)
            return self.variable(shown)
        if not self.take("("):
            raise self.error("a number, a variable, a function or '('")
        self.deeper()
        value = self.sum()
        self.need(")")
        self.depth -= 1
        return value

    def variable(self, name: str) -> int:
        if not re.fullmatch("x[0-9]", name):
            raise self.error("a variable x0..x9 or a function call")
        axis = int(name[1])
        if axis >= self.dim:
            raise self.error(f"a variable below x{self.dim} (dim = {self.dim})")
        self.position += 1
        return self.node("variable", axis=axis)

    def call(self, name: str) -> int:
        if name not in ONE_ARGUMENT + MORE_ARGUMENTS:
            functions = ONE_ARGUMENT + MORE_ARGUMENTS
            raise self.error(
                f"one of the functions {' '.join(functions)}", hint=nearest_name(name, functions)
            )
        self.position += 2
        self.deeper()
        args = [self.sum()]
        while name in MORE_ARGUMENTS and self.take(","):
            args.append(self.sum())
        if name in MORE_ARGUMENTS and len(args) < 2:
            raise self.error(f"a second argument of {name}")
        self.need(")")
        self.depth -= 1
        return self.node(name, tuple(args))

    def literal(self, shown: str) -> fmpq:
        mantissa, _, exponent = shown.lower().partition("e")
        whole, _, fraction = mantissa.partition(".")
        if len(whole) + len(fraction) > MOST_DIGITS:
            raise self.error(f"at most {MOST_DIGITS} digits")
        if len(exponent) > 10 or abs(int(exponent or 0)) > LARGEST_EXPONENT:
            raise self.error(f"an exponent of at most {LARGEST_EXPONENT}")
        scale = int(exponent or 0) - len(fraction)
        digits = int(whole + fraction)
        return fmpq(fmpz(digits) * fmpz(10) ** scale) if scale >= 0 else fmpq(digits, fmpz(10) ** -scale)

    def nodes_used(self) -> tuple[Node, ...]:
        used = {self.root}
        for i in range(self.root, -1, -1):
            if i in used:
                used.update(self.nodes[i].args)
        place = {old: new for new, old in enumerate(sorted(used))}
        kept = (self.nodes[old] for old in sorted(used))
        return tuple(Node(n.op, tuple(place[a] for a in n.args), n.number, n.axis) for n in kept)
