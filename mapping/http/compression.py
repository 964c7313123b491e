"""Compression of responses, negotiated by Accept-Encoding (RFC 9110 section 12.5.3), whole or streamed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Protocol

import brotli
import zstandard


class _Encoder(Protocol):
    def feed(self, piece: bytes) -> bytes: ...
    def flush(self) -> bytes: ...
    def finish(self) -> bytes: ...


class _Zstd:
    def __init__(self, level: int = 3) -> None:
        # 8 MB is what RFC 9659 lets a browser rely on; level 3 uses 2 MB.
        self._encoder = zstandard.ZstdCompressor(level=level).compressobj()
        self.feed = self._encoder.compress

    def flush(self) -> bytes:
        return self._encoder.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._encoder.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


class _Brotli:
    def __init__(self, quality: int = 5) -> None:
        self._encoder = brotli.Compressor(quality=quality, lgwin=20)
        self.feed = self._encoder.process
        self.flush = self._encoder.flush
        self.finish = self._encoder.finish


class _Gzip:
    def __init__(self, level: int = 4) -> None:
        self._encoder = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        self.feed = self._encoder.compress

    def flush(self) -> bytes:
        return self._encoder.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._encoder.flush(zlib.Z_FINISH)


@dataclass(frozen=True)
class _Coding:
    encoder: Callable[[], _Encoder]
    quick_encoder: Callable[[], _Encoder]


# Best first: zstd is both the fastest and nearly the smallest at these levels.
_CODINGS: Final[dict[str, _Coding]] = {
    "zstd": _Coding(_Zstd, lambda: _Zstd(1)),
    "br": _Coding(_Brotli, lambda: _Brotli(1)),
    "gzip": _Coding(_Gzip, lambda: _Gzip(1)),
}
_WORTH_IT: Final = 1400
"""Minimum size in bytes; anything smaller fits into one network packet anyway."""
_LONGEST_HEADER: Final = 1000


def chosen_coding(accept_encoding: str, *, smallest: bool = False) -> str | None:
    """The best coding that a header `Accept-Encoding` allows, or None for the plain bytes.

    Among codings of equal weight the server's order decides: the fastest, or brotli where size matters most. A client
    that refuses `identity` as well still gets plain bytes, as RFC 9110 section 12.5.3 permits.
    """
    weights = _weights(accept_encoding[:_LONGEST_HEADER])
    everything_else = weights.get("*", 0.0)
    order = sorted(_CODINGS, key=lambda name: name != "br") if smallest else list(_CODINGS)
    candidates = [(weights.get(name, everything_else), -rank, name) for rank, name in enumerate(order)]
    weight, _, name = max(candidates)
    if weight <= 0 or weight < weights.get("identity", 0.0):
        return None
    return name


def compressed_stream(
    pieces: Generator[bytes, None, None], coding: str | None
) -> Generator[bytes, None, None]:
    """Compress while streaming; the first piece leaves at once, the others as the encoder fills its blocks."""
    if coding is None:
        yield from pieces
        return
    encoder = _CODINGS[coding].encoder()
    is_first = True
    with closing(pieces):
        for piece in pieces:
            out = encoder.feed(piece)
            if is_first:
                out += encoder.flush()
                is_first = False
            if out:
                yield out
    yield encoder.finish()


def compressed(body: bytes, coding: str | None, *, thorough: bool = False) -> bytes | None:
    """A whole body compressed quickly, or as small as streams are; None where that is not worth it."""
    if coding is None or len(body) < _WORTH_IT:
        return None
    encoder = _CODINGS[coding].encoder() if thorough else _CODINGS[coding].quick_encoder()
    return encoder.feed(body) + encoder.finish()


def _weights(header: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in header.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                weight = _weight(value.strip())
        if name:
            found[name] = weight
    return found


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    # Also false for NaN.
    return weight if 0 <= weight <= 1 else 0.0
