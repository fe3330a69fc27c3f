"""PNG files of pictures with at most 256 colours, and as addresses that hold the picture itself."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

from verify.report.colours import Rgb


def data_address(rows: Sequence[bytes], palette: Sequence[Rgb]) -> str:
    """The picture as a `data:` address; rows from the top, one byte a pixel: its colour's number."""
    return "data:image/png;base64," + base64.b64encode(png(rows, palette)).decode()


def png(rows: Sequence[bytes], palette: Sequence[Rgb]) -> bytes:
    """The picture as a PNG file."""
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    colours = bytes(channel for colour in palette for channel in colour)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*c) for c in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
