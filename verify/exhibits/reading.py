"""Exhibits from a certificate's file: nothing counts before the independent checker has accepted it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from verify.certificate import ask
from verify.exhibits import geometric, ladder, multigrade, multiplicative, own
from verify.exhibits.certified import Certified, Parts
from verify.exhibits.derivable import derivations
from verify.exhibits.kinds import Exhibits
from verify.exhibits.rejected import rejected
from verify.exhibits.reproducing import ASKED, commands
from verify.exhibits.trust import trust
from verify.progress import Notify, silent

CLAIMS: dict[str, Callable[[Certified], Parts]] = {
    "geometric": geometric.parts,
    "multigrade": multigrade.parts,
    "multiplicative": multiplicative.parts,
    "ladder": ladder.parts,
    "own": own.parts,
}


def exhibits(path: Path, notify: Notify = silent) -> Exhibits:
    """What the certificate of a file has to show.

    Method: the file is read once; the independent checker, in a fresh interpreter, judges exactly what was read.
    Returns: Exhibits; of a certificate that is not accepted only what the file states, marked as that.
    Raises: OSError if the file cannot be read.
    """
    text = path.read_bytes()
    status, message = ask(text, notify)
    if status is None:
        return rejected(path.name, text, message.removeprefix("rejected: "))
    notify("reading the certificate")
    return of_accepted(Certified(path.name, json.loads(text)))


def of_accepted(certified: Certified) -> Exhibits:
    """The exhibits of a certificate that the checker has just accepted."""
    content, parts = certified.content, CLAIMS[certified.claim](certified)
    return Exhibits(
        claim=certified.claim,
        title=parts.title,
        status=content["status"],
        sentence=parts.sentence,
        trust=trust(certified),
        facts=parts.facts,
        rows=parts.rows,
        charts=parts.charts,
        maps=parts.maps,
        drawing=parts.drawing,
        source=parts.source,
        reproduce=commands(certified),
        versions=tuple((key, value) for key, value in content["producer"].items() if key not in ASKED),
        hashes=tuple(content["hash"].items()),
        derivations=derivations(certified),
    )
