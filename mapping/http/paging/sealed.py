"""Authenticated encryption of short texts in addresses: clients can neither read them nor change them unnoticed.

Deterministic authenticated encryption from one keyed hash (the construction SIV of Rogaway and Shrimpton, Eurocrypt
2006; RFC 5297 is its form with AES): the tag of the plain text seeds the key stream of hashes. Deterministic,
because cached responses and entity tags need the same link for the same page. No installed library encrypts.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from django.core.signing import b64_decode, b64_encode
from django.utils.crypto import salted_hmac

_TAG: Final = 16


class BrokenSealError(ValueError):
    """The text was not sealed by this site, or for another purpose."""


def seal(words: bytes, purpose: str) -> str:
    """Encrypt a text for use in an address; only `opened` with the same `purpose` decrypts it."""
    tag = _tag(words, purpose)
    return b64_encode(tag + _hidden(words, tag, purpose)).decode()


def opened(text: str, purpose: str) -> bytes:
    """Decrypt a sealed text; raises BrokenSealError."""
    try:
        packed = b64_decode(text.encode())
    except ValueError as error:
        raise BrokenSealError from error
    if b64_encode(packed).decode() != text:  # the last letter may hold bits that mean nothing
        raise BrokenSealError
    tag, hidden = packed[:_TAG], packed[_TAG:]
    words = _hidden(hidden, tag, purpose)
    if not hmac.compare_digest(tag, _tag(words, purpose)):
        raise BrokenSealError
    return words


def _tag(words: bytes, purpose: str) -> bytes:
    return hmac.digest(_key("tag", purpose), words, "sha256")[:_TAG]


def _hidden(words: bytes, tag: bytes, purpose: str) -> bytes:
    """XOR the text with the key stream seeded by its tag; applied twice it gives the text back."""
    key = _key("stream", purpose)
    blocks = range(-(-len(words) // hashlib.sha256().digest_size))
    stream = b"".join(hmac.digest(key, tag + block.to_bytes(4, "big"), "sha256") for block in blocks)
    return bytes(one ^ other for one, other in zip(words, stream, strict=False))


def _key(use: str, purpose: str) -> bytes:
    return salted_hmac(f"geoparticipation.sealed.{use}", purpose, algorithm="sha256").digest()
