"""Runs notebooks and writes what they show into them: `make notebooks`, or this file with some of them as arguments.

Figures and texts are kept, times and versions are not, so that running a notebook again changes nothing.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

from verify.certificate import write_text

HERE = Path(__file__).resolve().parent
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SHOWN = ("text/plain", "image/png")
SECONDS = 300  # for one cell


class ThisPython(AsyncKernelManager):
    """The interpreter that runs this file is the kernel, whatever is registered on the machine."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """How it is started: no warnings of its own, which would be mixed with those of the notebook."""
        return KernelSpec(**get_kernel_dict(extra_arguments=["--log-level=ERROR"]))


def notebooks() -> list[Path]:
    """All of this folder, in their order."""
    return sorted(HERE.glob("*.ipynb"))


def executed(path: Path, folder: Path) -> NotebookNode:
    """The notebook with new outputs.

    Requires: folder: an empty one to run in; it gets the modules that lie beside the notebook.
    Raises: nbclient.exceptions.CellExecutionError at the first error of a cell.
    """
    for module in path.parent.glob("*.py"):
        shutil.copy(module, folder)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_manager_class=ThisPython,
        resources={"metadata": {"path": str(folder)}},
        timeout=SECONDS,
        record_timing=False,
        coalesce_streams=True,
    )
    inline = "module://matplotlib_inline.backend_inline"
    client.execute(env={**os.environ, "IPYTHONDIR": str(folder / ".ipython"), "MPLBACKEND": inline})
    return plain(notebook)


def plain(notebook: NotebookNode) -> NotebookNode:
    """Without what differs from one run or machine to the next."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = NotebookNode({kind: output.data[kind] for kind in SHOWN if kind in output.data})
                output.metadata = NotebookNode()
    return notebook


def main(paths: list[Path]) -> None:
    """Runs these notebooks, or all, and writes them."""
    for path in paths or notebooks():
        with tempfile.TemporaryDirectory() as folder:
            write_text(nbformat.writes(executed(path, Path(folder))) + "\n", path)
        print(f"{path.name}: {path.stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
