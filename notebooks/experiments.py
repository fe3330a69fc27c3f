# %% [markdown]
# Where the error sits and how it shrinks: networks of local products beside additive ReLU networks with at least as
# many parameters. `make figures` runs this file and writes docs/figures; docs/experiments.md says what one sees.
# Numbers of the products are certified (verify.splines.errors, verify.splines.zygmund); everything else is in floats.

# %%
from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from flint import fmpq

from constructs.additive import interpolant, separating_direction
from constructs.exact import from_float
from constructs.extents import grid, matching_mesh
from constructs.multiplicative import build
from constructs.network import Network
from constructs.neurons import as_float
from constructs.quasi_interpolation import on_cube
from constructs.targets import library
from constructs.targets.expression import ExpressionTarget
from verify.powers import Enclosure
from verify.splines import zygmund
from verify.splines.errors import errors
from verify.splines.samples import sampled
from verify.splines.tensor import Spline, from_rationals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HALF = fmpq(1, 2)
BOXES = 32  # per cell and axis, for certified suprema
STEPS = 300  # of the least-squares fit
FAR = 0.25  # errors farther than this from the layer or the cusp
FLOOR, CEILING = -5, 0.5  # of the colour scale, decimal exponents

Function = Callable[[np.ndarray], np.ndarray]


# %% [markdown]
# The two targets. Distances are those to the layer's middle line and to the tip of the cusp; the bounds are proved in
# docs/multiplicative.md and docs/experiments.md.


# %%
@dataclass(frozen=True)
class Experiment:
    """A target, where it is difficult, and proved bounds of sup|e| and [e]_1/2 by h."""

    name: str
    title: str
    spec: str
    distance: Function
    sup_bound: Callable[[float], float]
    zygmund_bound: Callable[[float], float]
    rates: tuple[str, str]
    marked: tuple[tuple[float, float], ...]  # the layer's middle line, or the tip
    centre: tuple[fmpq, fmpq] | None  # where a point decides, second differences are tried there

    @property
    def target(self) -> ExpressionTarget:
        """The function."""
        found = library.build(self.spec, 2)
        if not isinstance(found, ExpressionTarget):
            raise TypeError(self.spec)
        return found


EPS, NORMAL, OFFSET = 1 / 16, np.array([1.0, 0.5]), 0.75
STEEP = 4 / 27**0.5 / EPS**2  # the largest second derivative of tanh(t/EPS)


def layer_zygmund(h: float) -> float:
    """(4 S)^(1/2) (2 |L|)^(1/2), S and L_i the bounds of the error and its slopes."""
    slopes = h / 2 * STEEP * NORMAL * NORMAL.sum()
    return float((4 * LAYER.sup_bound(h)) ** 0.5 * (2 * np.linalg.norm(slopes)) ** 0.5)


LAYER = Experiment(
    "transition-layer",
    "transition layer tanh(16 (x0 + x1/2 − 3/4))",
    "transition-layer:eps=1/16,n0=1,n1=1/2,c=3/4",
    lambda x: np.abs(x @ NORMAL - OFFSET) / np.linalg.norm(NORMAL),
    lambda h: float(h * h / 8 * STEEP * (NORMAL**2).sum()),
    layer_zygmund,
    ("2", "3/2"),
    ((0.25, 1.0), (0.75, 0.0)),
    None,
)
CUSP = Experiment(
    "cusp",
    "cusp |x − (1/3, 1/3)|$^{3/4}$",
    "cusp:alpha=3/4",
    lambda x: np.linalg.norm(x - 1 / 3, axis=1),
    lambda h: (h / 2**0.5) ** 0.75,
    lambda h: 4 * h**0.25,
    ("3/4", "1/4"),
    ((1 / 3, 1 / 3),),
    (fmpq(1, 3), fmpq(1, 3)),
)


# %% [markdown]
# The networks. Additive ones: `interpolant` in one direction, exact; and, because that is a poor one of many, a fit of
# piecewise linear functions of several directions by least squares, in floats.


# %%
def fitted(f: Function, relus: int) -> Function:
    """A sum of piecewise linear functions in equally spaced directions, with so many ReLUs or a few more, fitted.

    Method: conjugate gradients for least squares at about 4 points for each ReLU.
    """
    directions = int(np.ceil(relus**0.5 / 2))
    knots = -(-relus // directions)
    angles = np.pi * (np.arange(directions) + 0.5) / directions
    w = np.stack([np.cos(angles), np.sin(angles)], 1)
    low, high = np.minimum(w, 0).sum(1), np.maximum(w, 0).sum(1)

    def places(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        t = (x @ w.T - low) / (high - low) * (knots - 1)
        left = np.clip(t.astype(int), 0, knots - 2)
        return left + knots * np.arange(directions), t - left

    def values(at: tuple[np.ndarray, np.ndarray], c: np.ndarray) -> np.ndarray:
        left, part = at
        return (c[left] * (1 - part) + c[left + 1] * part).sum(1)

    def adjoint(at: tuple[np.ndarray, np.ndarray], r: np.ndarray) -> np.ndarray:
        left, part = at
        size, spread = directions * knots, r[:, None]
        lower = np.bincount(left.ravel(), ((1 - part) * spread).ravel(), size)
        return lower + np.bincount(left.ravel() + 1, (part * spread).ravel(), size)

    x = lattice(2 * int(np.ceil(relus**0.5)))
    at, c = places(x), np.zeros(directions * knots)
    residual = f(x)
    gradient = adjoint(at, residual)
    step, size = gradient, float(gradient @ gradient)
    for _ in range(STEPS):
        image = values(at, step)
        length = size / float(image @ image)
        c, residual = c + length * step, residual - length * image
        gradient = adjoint(at, residual)
        before, size = size, float(gradient @ gradient)
        step = gradient + size / before * step
    return lambda points: values(places(points), c)


def lattice(cells: int) -> np.ndarray:
    """The points of a uniform grid of the square."""
    side = np.linspace(0, 1, cells + 1)
    return np.stack(np.meshgrid(side, side, indexing="ij"), -1).reshape(-1, 2)


def one_direction(f: Function, mesh: int) -> Network:
    """The additive network through the values on the grid of mesh 1/mesh."""
    points = grid(mesh, 2)
    values = f(np.array([[as_float(c) for c in x] for x in points]))
    return interpolant(points, [from_float(v) for v in values.tolist()], separating_direction(points))


def along_the_layer(f: Function, relus: int) -> Network:
    """The same with the layer's normal as the direction: points on a diagonal. Only a ridge allows this."""
    points = [(fmpq(k, relus - 1),) * 2 for k in range(relus)]
    values = f(np.array([[as_float(c) for c in x] for x in points]))
    return interpolant(
        points, [from_float(v) for v in values.tolist()], [from_float(c) for c in NORMAL.tolist()]
    )


# %% [markdown]
# What is measured on one mesh.


# %%
@dataclass(frozen=True)
class Measured:
    """Errors at one mesh: of the products certified, of the additive networks in floats, on the drawing's points."""

    mesh: int
    parameters: int
    supremum: Enclosure
    seminorm: tuple[
        fmpq, float
    ]  # certified from below, and from above (by `interpolated`, or the proved bound)
    additive_parameters: int
    maps: dict[str, np.ndarray]  # e on the drawing's grid

    def sup(self, name: str) -> float:
        """The largest |e| on the drawing's points: no upper bound."""
        return float(np.abs(self.maps[name]).max())

    def zygmund(self, name: str) -> float:
        """The largest second difference quotient on the drawing's points: no upper bound."""
        return quotients(self.maps[name])


PRODUCTS, ONE, SEVERAL, OWN = (
    "products",
    "additive, one direction",
    "additive, fitted",
    "additive, layer's direction",
)


def quotients(e: np.ndarray) -> float:
    """The largest |second difference| / |y|^(1/2), y along axes and diagonals, |y| 1, 2, 4, ... grid cells."""
    n, best = len(e) - 1, 0.0
    for k in (2**j for j in range(n.bit_length()) if 2**j <= n // 2):
        middle, low, high = slice(k, n + 1 - k), slice(0, n + 1 - 2 * k), slice(2 * k, n + 1)
        for a, b, length in (
            (e[low, :], e[high, :], 1.0),
            (e[:, low], e[:, high], 1.0),
            (e[low, low], e[high, high], 2**0.5),
            (e[low, high], e[high, low], 2**0.5),
        ):
            rows = middle if a.shape[0] < n + 1 else slice(None)
            columns = middle if a.shape[1] < n + 1 else slice(None)
            best = max(best, float(np.abs(a - 2 * e[rows, columns] + b).max()) / (length * k / n) ** 0.5)
    return best


def from_below(experiment: Experiment, target: ExpressionTarget, spline: Spline) -> fmpq:
    """A certified lower bound of [e]_1/2."""
    found = zygmund.witness(target, spline, HALF)[2]
    if experiment.centre is None:
        return found
    shifts = [fmpq(k, 8 * spline.mesh) for k in range(1, 9)]
    shifts = [t for t in shifts if t <= min(experiment.centre)]
    return max(
        found, *(zygmund.quotient(target, spline, experiment.centre, (t, fmpq(0)), HALF) for t in shifts)
    )


def measured(experiment: Experiment, mesh: int, cells: int) -> Measured:
    """Builds the networks at one mesh; e on a drawing grid with so many cells."""
    target = experiment.target
    coefficients = sampled(target, on_cube(1, mesh, 2)).coefficients
    network, spline = build(coefficients, 1, mesh).network, from_rationals(1, mesh, coefficients)
    found = errors(target, spline, BOXES * mesh)
    upper = experiment.zygmund_bound(1 / mesh)
    if found.slopes is not None:
        seen = zygmund.interpolated(found.supremum.hi, [s.hi for s in found.slopes], [], HALF)
        upper = min(upper, as_float(seen.hi))
    fine = matching_mesh(network.parameters, 2)
    additive = one_direction(target.floats, fine)
    points = lattice(cells)
    f = target.floats(points)
    outputs = {
        PRODUCTS: network.evaluate_floats(points)[:, 0],
        ONE: additive.evaluate_floats(points)[:, 0],
        SEVERAL: fitted(target.floats, (fine + 1) ** 2)(points),
    }
    if experiment is LAYER:
        outputs[OWN] = along_the_layer(target.floats, (fine + 1) ** 2).evaluate_floats(points)[:, 0]
    maps = {name: (f - v).reshape(cells + 1, cells + 1) for name, v in outputs.items()}
    below = from_below(experiment, target, spline)
    return Measured(mesh, network.parameters, found.supremum, (below, upper), additive.parameters, maps)


# %% [markdown]
# Pictures.


# %%
def error_maps(experiment: Experiment, m: Measured, path: Path) -> None:
    """|e| of the three kinds of network, one logarithmic colour scale."""
    from matplotlib.colors import BoundaryNorm
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.9), layout="constrained")
    axes = figure.subplots(1, 3, sharey=True)
    steps = np.power(10.0, np.arange(FLOOR, CEILING + 0.25, 0.5))
    norm = BoundaryNorm(steps, 256, extend="both")
    fit = 4 * (matching_mesh(m.parameters, 2) + 1) ** 2
    counts = {PRODUCTS: m.parameters, ONE: m.additive_parameters, SEVERAL: fit}
    drawn = None
    for ax, (name, count) in zip(axes, counts.items(), strict=True):
        shown = np.maximum(np.abs(m.maps[name]).T, 1e-300)
        square = {"origin": "lower", "extent": (0, 1, 0, 1), "interpolation": "nearest"}
        drawn = ax.imshow(shown, cmap="viridis", norm=norm, **square)
        ax.plot(*np.array(experiment.marked).T, "w--" if len(experiment.marked) > 1 else "w+", lw=0.8)
        ax.set_title(f"{name}\n{count:,} parameters, max |e| = {m.sup(name):#.2g}", fontsize=10)
        ax.set_xlabel("x0")
        ax.set_xticks([0, 0.5, 1], ["0", "1/2", "1"])
        ax.set_yticks([0, 0.5, 1], ["0", "1/2", "1"])
    axes[0].set_ylabel("x1")
    bar = figure.colorbar(drawn, ax=list(axes), fraction=0.03, pad=0.01)
    powers = range(FLOOR, 1)
    bar.set_ticks([10.0**k for k in powers], labels=[f"$10^{{{k}}}$" for k in powers])
    bar.set_label("|e| = |f − network|")
    figure.suptitle(f"{experiment.title}, mesh h = 1/{m.mesh} of the products", fontsize=11)
    save(figure, path)


def orders(rows: dict[str, list[Measured]], path: Path) -> None:
    """sup|e| and [e]_1/2 over the meshes, log-log, with the proved bounds."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator

    figure = Figure(figsize=(9, 7), layout="constrained")
    axes = figure.subplots(2, 2, sharex=True)
    for column, experiment in enumerate((LAYER, CUSP)):
        found = rows[experiment.name]
        h = np.array([1 / m.mesh for m in found])
        ends = (
            ([as_float(m.supremum.lo) for m in found], [as_float(m.supremum.hi) for m in found]),
            ([as_float(m.seminorm[0]) for m in found], [m.seminorm[1] for m in found]),
        )
        bounds = experiment.sup_bound, experiment.zygmund_bound
        for row, label in enumerate(("sup |e|", "[e]$_{1/2}$")):
            ax, (low, high), bound = axes[row, column], ends[row], [bounds[row](t) for t in h]
            ax.fill_between(h, low, high, color="C0", alpha=0.3, lw=0, label="products, between these")
            ax.plot(h, high, "C0v-", ms=4, label="products, from above")
            ax.plot(h, low, "C0o-", ms=4, label="products, certified from below")
            ax.plot(h, bound, "k--", lw=1.2, label="products, proved bound $C\\,h^r$")
            for name, style in ((ONE, "C3s:"), (SEVERAL, "C1D:")):
                values = [m.sup(name) if row == 0 else m.zygmund(name) for m in found]
                ax.plot(h, values, style, ms=4, label=f"{name}, seen in floats")
            rate = f"proved: $r = {experiment.rates[row]}$"
            ax.text(0.97, 0.04, rate, transform=ax.transAxes, ha="right", fontsize=10)
            ax.set_xscale("log", base=2)
            ax.set_yscale("log")
            ax.set_xticks(h, [f"1/{m.mesh}" for m in found])
            ax.xaxis.set_minor_locator(LogLocator(base=2, subs=()))
            ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
            ax.yaxis.set_minor_locator(LogLocator(subs=()))
            ax.grid(alpha=0.3)
            ax.set_ylabel(label)
        axes[0, column].set_title(experiment.title, fontsize=10)
        axes[1, column].set_xlabel("mesh h of the products")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    save(figure, path)


def save(figure: Figure, path: Path) -> None:
    """As a small PNG: 64 colours."""
    from PIL import Image

    figure.savefig(path, dpi=90)
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


# %% [markdown]
# The tables of docs/experiments.md, and everything together.


# %%
def row(experiment: Experiment, m: Measured) -> str:
    """A row of the table: certified numbers rounded outwards, floats to two figures."""
    cells = len(m.maps[PRODUCTS]) - 1
    far = experiment.distance(lattice(cells)).reshape(cells + 1, cells + 1) > FAR
    sup = f"{down(as_float(m.supremum.lo))} to {down(as_float(m.supremum.hi), 1)}"
    seminorm = f"{down(as_float(m.seminorm[0]))} to {down(m.seminorm[1], 1)}"
    cut = [f"{np.abs(m.maps[name][far]).max():#.2g}" for name in (PRODUCTS, ONE, SEVERAL)]
    floats = [f"{m.sup(name):#.2g}" for name in (ONE, SEVERAL)]
    return "| " + " | ".join([f"1/{m.mesh}", f"{m.parameters:,}", sup, seminorm, *floats, *cut]) + " |"


def down(value: float, by: int = 0) -> str:
    """Three figures, rounded down, or up with by = 1."""
    unit = 10.0 ** (np.floor(np.log10(value)) - 2)
    return f"{(np.floor(value / unit) + by) * unit:#.3g}"


def main(folder: Path, meshes: tuple[int, ...] = (8, 16, 32), cells: int = 288) -> None:
    """Writes the pictures, error maps at the middle mesh, and prints the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[Measured]] = {}
    for experiment in (LAYER, CUSP):
        found = rows[experiment.name] = [measured(experiment, mesh, cells) for mesh in meshes]
        print(experiment.title, *(row(experiment, m) for m in found), sep="\n", flush=True)
        if experiment is LAYER:
            print(f"{OWN}:", ", ".join(f"{m.sup(OWN):.1e}" for m in found))
        error_maps(experiment, found[len(found) // 2], folder / f"{experiment.name}.png")
    orders(rows, folder / "orders.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "figures")
