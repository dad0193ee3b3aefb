"""What stands before the application: bodies and clients without patience."""

import asyncio
import contextlib
import json
from typing import Any


class Guard:
    """Reads a request's body before anything else sees the request.

    Args:
        app: The ASGI application.
        most: Bytes that a body may have.
        seconds: What a client may take to send it.
    """

    def __init__(self, app: Any, most: int, seconds: float):
        self.app, self.most, self.seconds = app, most, seconds

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers a request, or refuses it with 408 or 413."""
        if scope["type"] != "http":
            return
        too_large = f"A request has {self.most} bytes at most."
        said = dict(scope["headers"]).get(b"content-length", b"0")
        if not said.isdigit() or int(said) > self.most:
            if b"expect" not in dict(scope["headers"]):
                await self._discard(receive)
            error = f"{too_large} Received: {said.decode('latin-1')}"
            return await refuse(send, 413, error)
        try:
            body = await asyncio.wait_for(self._body(receive), self.seconds)
        except asyncio.TimeoutError:
            late = f"A request is sent within {self.seconds:g} s."
            return await refuse(send, 408, f"{late} Received: a part of it")
        if body is None:
            await self._discard(receive)
            return await refuse(send, 413, f"{too_large} Received: more")
        sent = False

        async def replay() -> Any:
            nonlocal sent
            if sent:
                return await receive()  # that the client has gone
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)

    async def _discard(self, receive: Any) -> None:
        """Throws away some of what is still sent.

        Where a connection ends with bytes unread, its client is not told why.
        """

        async def discard() -> None:
            left, more = 4 * self.most, True
            while more and left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                more = message.get("more_body", False)

        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(discard(), min(1.0, self.seconds))

    async def _body(self, receive: Any) -> bytes | None:
        """Returns the body; None if it is too large."""
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > self.most:
                return None
            more = message.get("more_body", False)
        return b"".join(parts)


async def refuse(send: Any, status: int, error: str) -> None:
    """Answers with an error, and ends the connection."""
    headers = [
        (b"content-type", b"application/json"),
        (b"connection", b"close"),
    ]
    await send(
        {"type": "http.response.start", "status": status, "headers": headers}
    )
    body = json.dumps({"error": error}).encode()
    await send({"type": "http.response.body", "body": body})
