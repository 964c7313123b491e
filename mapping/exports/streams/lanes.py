"""Concurrent COPYs read as one stream of rows: one lane per connection, parts in order.

`pgconn` is read directly and without blocking: one call per row, and waiting happens in `poll`, which releases the GIL
to other threads of the server, however long the database or the client takes.
"""

from __future__ import annotations

import logging
import select
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import psycopg
from psycopg import pq

logger = logging.getLogger(__name__)

PIECE: Final = 256 * 1024
"""Bytes yielded at once: large enough for compressors and sockets, small enough for constant memory."""
_AHEAD: Final = 32
"""Pieces that a lane holds before its turn (8 MB); then its query waits."""

RowStream = Generator[bytes, None, int]
"""Pieces of bytes; the generator's value is the number of rows."""


@dataclass(frozen=True)
class Form:
    """A COPY format: its options, which bytes of a message are the row, and the size of messages that hold no row."""

    options: str
    row: slice
    end: int = 0


TEXTS: Final = Form("FORMAT binary", slice(6, None), 2)
"""One column of raw texts: each is preceded by the number of columns and its length; two bytes end the stream."""
TABLE: Final = Form("FORMAT csv", slice(None, -1))
"""Any columns as CSV; each row ends in a line feed."""
_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\x00"
_HEADER: Final = len(_SIGNATURE) + 8
"""Bytes before the first row of the binary format: the signature, flags, the length of an extension."""


class CopyConnection:
    """One connection, and the part of the rows that it is copying."""

    def __init__(self, pgconn: pq.abc.PGconn, form: Form, before: bytes) -> None:
        self.pgconn = pgconn
        self.pieces: deque[bytes] = deque()
        self.count = 0
        self._form = form
        self._before = before
        self._buffer = bytearray()
        self._state: Literal["rest", "asked", "copying", "copied"] = "rest"

    @property
    def is_done(self) -> bool:
        """Whether all rows of the current part were read."""
        return self._state == "rest"

    @property
    def is_full(self) -> bool:
        """Whether the lane's buffer is full before its turn."""
        return len(self.pieces) >= _AHEAD

    def begin(self, statement: bytes) -> None:
        """Send the query of the next part."""
        self.pgconn.send_query(statement)
        self._state = "asked"

    def read(self) -> bool:
        """Read rows until there is another piece (True), or nothing more without waiting (False).

        Raises the errors of psycopg.
        """
        if self._state == "asked" and self._expect(pq.ExecStatus.COPY_OUT):
            self._state = "copying"
        if self._state == "copying" and self._read_rows():
            return True
        if self._state == "copied" and self._expect(pq.ExecStatus.COMMAND_OK):
            # The result of the only statement is followed by the end marker, which is there already or about to arrive.
            self.pgconn.get_result()
            self._state = "rest"
        return False

    def _read_rows(self) -> bool:
        get, buffer, before = self.pgconn.get_copy_data, self._buffer, self._before
        row, end = self._form.row, self._form.end
        while True:
            size, message = get(1)
            if size > end:
                if self.count == 0 and bytes(message[: len(_SIGNATURE)]) == _SIGNATURE:
                    message = message[_HEADER:]
                    if len(message) <= end:
                        continue
                buffer += before
                buffer += message[row]
                self.count += 1
                if len(buffer) >= PIECE:
                    break
            elif size == 0:
                return False
            elif size < 0:
                self._state = "copied"
                break
        if buffer:
            self.pieces.append(bytes(buffer))
            buffer.clear()
        return True

    def _expect(self, status: pq.ExecStatus) -> bool:
        if self.pgconn.is_busy():
            return False
        result = self.pgconn.get_result()
        if result is None:
            raise psycopg.OperationalError("The database did not answer the export's query.")
        if result.status != status:
            raise psycopg.errors.error_from_result(result)
        return True

    def leave(self) -> None:
        """Cancel whatever the connection is doing and bring it back to idle; a broken connection is closed."""
        try:
            if self.pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                self.pgconn.get_cancel().cancel()
            while (result := self.pgconn.get_result()) is not None:
                if result.status == pq.ExecStatus.COPY_OUT:
                    self._drain()
        except psycopg.Error:
            logger.warning(
                "An export's connection could not be brought to rest and was closed.", exc_info=True
            )
            self.pgconn.finish()

    def _drain(self) -> None:
        """Discard rows still in transit after the query was cancelled."""
        while self.pgconn.get_copy_data(0)[0] > 0:
            pass


def joined(lanes: Sequence[CopyConnection], statements: Iterable[bytes], between: bytes) -> RowStream:
    """Stream the rows of all statements in order, separated by `between`; the lanes share the work.

    The lanes must be made with the same `between`: they prefix each row with it, and it is cut off the first row.
    """
    try:
        return (yield from _in_turn(lanes, iter(statements), len(between)))
    finally:
        for lane in lanes:
            lane.leave()


def _in_turn(lanes: Sequence[CopyConnection], statements: Iterator[bytes], skipped: int) -> RowStream:
    at_work: deque[CopyConnection] = deque()
    for lane, statement in zip(lanes, statements, strict=False):
        lane.begin(statement)
        at_work.append(lane)
    count = 0
    while at_work:
        first = at_work[0]
        has_read = [lane.read() for lane in at_work if lane is first or not lane.is_full]
        while first.pieces:
            yield first.pieces.popleft()[skipped:]
            skipped = 0
        if first.is_done:
            at_work.popleft()
            count, first.count = count + first.count, 0
            if (following := next(statements, None)) is not None:
                first.begin(following)
                at_work.append(first)
        elif not any(has_read):
            _wait([lane for lane in at_work if lane is first or not (lane.is_full or lane.is_done)])
    return count


def _wait(lanes: Sequence[CopyConnection]) -> None:
    """Wait until one of the connections has data."""
    by_socket = {lane.pgconn.socket: lane for lane in lanes}
    readable = select.poll()
    for socket in by_socket:
        readable.register(socket, select.POLLIN)
    for socket, _event in readable.poll():
        by_socket[socket].pgconn.consume_input()
