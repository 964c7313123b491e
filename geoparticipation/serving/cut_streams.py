"""Makes responses that fail during streaming reach the client as broken transfers, never as truncated files.

PEP 3333 leaves the handling of a body whose iterator raises to the server. granian (2.8) logs the exception and
ends the chunked body as if it were whole: `curl` and browsers keep half a file and report success. It offers no way to
break a connection either, so the connection is found among the sockets of this process and reset: of all that lead to
the same client, it is the one on which exactly as many bytes were written as this answer had. A reset, because a
client of HTTP/1.0 (nginx by default) takes a mere end of the connection for the end of the file.

HTTP/2 frames bodies otherwise; the server is started with `--http 1`.
"""

from __future__ import annotations

import ctypes
import logging
import os
import socket
import stat
import struct
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

_PATIENCE: Final = 60.0
"""Seconds that a slow client has to receive data buffered by the server."""
_PAUSE: Final = 0.02
_SERVERS_OWN_HEADERS: Final = 256
"""Most bytes of headers that the server adds: status line, `date`, `server`, `transfer-encoding`."""
# linux/tcp.h, struct tcp_info.
_TCP_INFO_BYTES: Final = 216
_NOT_SENT: Final = struct.Struct("I"), 144
_SENT: Final = struct.Struct("QQ"), 200
_AT_ONCE: Final = struct.pack("ii", 1, 0)
_UNSPECIFIED: Final = struct.pack("H14x", socket.AF_UNSPEC)


def cutting_broken_streams(application: WSGIApplication) -> WSGIApplication:
    """Wrap an application: if a streamed body fails, its connection is reset.

    A body with a `Content-Length` needs no help: a server that sends less of it has to close the connection.
    """

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        head: list[tuple[str, str]] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            head.extend(headers)
            return start_response(status, headers, *rest)

        body = application(environ, start)
        if not getattr(body, "streaming", False) or any(name == "Content-Length" for name, _ in head):
            return body
        return _Watched(body, environ, head)

    return wrapped


class _Watched(Iterator[bytes]):
    """A body that resets its connection on failure."""

    def __init__(self, body: Iterable[bytes], environ: WSGIEnvironment, head: list[tuple[str, str]]) -> None:
        self._body = body
        self._pieces = iter(body)
        self._place = environ.get("REMOTE_ADDR", ""), int(environ.get("SERVER_PORT") or 0)
        self._fewest = 0
        self._most = _SERVERS_OWN_HEADERS + sum(len(name) + len(value) + 4 for name, value in head)
        self._before = {inode: written for inode, written, _ in _connections(*self._place)}

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            raise
        except BaseException:
            self._cut()
            raise
        self._fewest += len(piece)
        # HTTP/1.1 sends each piece as a chunk (RFC 9112 section 7.1), HTTP/1.0 without any frame.
        self._most += len(piece) + len(f"{len(piece):x}") + 4
        return piece

    def close(self) -> None:
        """End the body; the server calls this for every response."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()

    def _cut(self) -> None:
        # Resources of the body (a download slot, database connections) are released without waiting for the client.
        self.close()
        until = time.monotonic() + _PATIENCE
        matching: set[int] = set()
        while (now := time.monotonic()) < until:
            written = self._written()
            if not written:
                return  # the client has gone
            matched = {inode for inode, size in written.items() if self._fewest <= size <= self._most}
            # Another response may pass the same size at this moment; this one stays there.
            if matching & matched:
                self._reset(matching & matched)
                return
            matching = matched
            time.sleep(_PAUSE if until - now > _PATIENCE - 1 else _PAUSE * 10)
        logger.warning("A broken answer's connection was not found; all that it can be are reset.")
        self._reset({inode for inode, size in self._written().items() if size <= self._most})

    def _written(self) -> dict[int, int]:
        """Bytes written since this response began, by connection; without those that were opened later."""
        return {
            inode: written - self._before[inode]
            for inode, written, _ in _connections(*self._place)
            if inode in self._before
        }

    def _reset(self, inodes: set[int]) -> None:
        for inode, _, connection in _connections(*self._place):
            if inode in inodes:
                _reset(connection)


def _connections(client: str, port: int) -> Iterator[tuple[int, int, socket.socket]]:
    """The open connections of this process from a client to a port: inode, bytes written so far, the socket."""
    for descriptor in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        # Another thread may close it meanwhile; a closed socket is not a candidate.
        with suppress(OSError):
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with closing(socket.socket(fileno=os.dup(descriptor))) as connection:
                if _leads(connection, client, port):
                    inode = os.fstat(connection.fileno()).st_ino
                    yield inode, _bytes_written(connection), connection


def _leads(connection: socket.socket, client: str, port: int) -> bool:
    if connection.type != socket.SOCK_STREAM or connection.family not in {socket.AF_INET, socket.AF_INET6}:
        return False
    return connection.getsockname()[1] == port and _same_host(connection.getpeername()[0], client)


def _same_host(one: str, other: str) -> bool:
    return one.removeprefix("::ffff:") == other.removeprefix("::ffff:")


def _bytes_written(connection: socket.socket) -> int:
    """Bytes passed to the kernel on a connection; 0 if the system does not count them (macOS)."""
    if sys.platform != "linux":
        return 0
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    if len(info) < _TCP_INFO_BYTES:  # before Linux 4.19
        return 0
    [not_sent] = _NOT_SENT[0].unpack_from(info, _NOT_SENT[1])
    sent, sent_again = _SENT[0].unpack_from(info, _SENT[1])
    return int(sent - sent_again + not_sent)


def _reset(connection: socket.socket) -> None:
    """Reset a connection immediately: nothing more can be written, and the client gets an error."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    # connect(2): AF_UNSPEC dissolves the association, which Linux does by a reset.
    if ctypes.CDLL(None).connect(connection.fileno(), _UNSPECIFIED, len(_UNSPECIFIED)) != 0:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
