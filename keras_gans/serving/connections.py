"""Connections whose clients are watched."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class WatchedConnection(H11Protocol):
    """A connection that ends where its client keeps it and does nothing.

    uvicorn has no limit of the time in which a header arrives or an answer is
    read. Bodies are `Guard`'s.
    """

    seconds = 30.0

    def connection_made(self, transport: Any) -> None:
        """Begins to watch."""
        super().connection_made(transport)
        self._seen = self._stands_at()
        self._watch = self.loop.call_later(self.seconds, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends watching."""
        self._watch.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        stands_at = self._stands_at()
        if stands_at is not None and stands_at == self._seen:
            self.transport.abort()
            return
        self._seen = stands_at
        self._watch = self.loop.call_later(self.seconds, self._look)

    def _stands_at(self) -> Any:
        """Returns where its client keeps it; None where it does not.

        A header that comes byte by byte stands where it was; an answer that
        is read slowly does not.
        """
        if self.cycle is None:  # it has asked for nothing yet
            return "first"
        if not self.cycle.response_complete:
            return None
        unread = self.transport.get_write_buffer_size()
        begun = bool(self.conn.trailing_data[0])
        return (self.cycle, unread) if unread or begun else None


def watched(seconds: float) -> type[asyncio.Protocol]:
    """Returns connections that are looked at every `seconds`."""
    kind = type("Connection", (WatchedConnection,), {"seconds": seconds})
    return kind
