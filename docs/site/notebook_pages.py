"""A notebook as a page: its words, its code, what the code printed and drew."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any


def as_page(path: Path) -> tuple[str, dict[str, bytes]]:
    """Markdown, and the pictures that it shows by name.

    Raises: ValueError for an output that cannot be shown without a script.
    """
    pictures: dict[str, bytes] = {}
    parts = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(text)
        elif cell["cell_type"] == "code" and text:
            parts.append(f"```python\n{text}\n```")
            parts += [_shown(output, path.stem, pictures) for output in cell["outputs"]]
    return "\n\n".join(parts) + "\n", pictures


def _shown(output: dict[str, Any], stem: str, pictures: dict[str, bytes]) -> str:
    if output["output_type"] == "stream":
        return _text("".join(output["text"]))
    data = output.get("data", {})
    if "image/png" in data:
        name = f"{stem}-{len(pictures) + 1}.png"
        pictures[name] = base64.b64decode("".join(data["image/png"]))
        return f"![what the cell above drew]({name})"
    if "text/markdown" in data:
        return "".join(data["text/markdown"])
    if "text/plain" in data:
        return _text("".join(data["text/plain"]))
    raise ValueError(f"{stem}: nothing that can be shown among {sorted(data) or output['output_type']}")


def _text(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"
