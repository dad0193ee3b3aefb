"""Requests that wait are drawn as one batch, by one thread."""

import collections
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np

from keras_gans.serving.requests import Request, joined

Made = dict[str, np.ndarray]


class BusyError(RuntimeError):
    """So much waits already that a request would not be answered in time."""


class Batcher:
    """Draws requests, as many at a time as fit into a batch.

    Args:
        run: Function from inputs (N, ...) by name to outputs (N, ...).
        most: Rows of a batch. A request of more is a batch by itself.
        wait: Seconds that a batch which is not full waits for more.
        most_waiting: Rows that may wait; a request beyond them is refused.
    """

    def __init__(
        self,
        run: Callable[[Made], Made],
        most: int = 32,
        wait: float = 0.002,
        most_waiting: int = 1024,
    ):
        self.run, self.most = run, most
        self.wait, self.most_waiting = wait, most_waiting
        self.batches, self.rows = 0, 0
        self._waiting: collections.deque[tuple[Request, Future[Made]]] = (
            collections.deque()
        )
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> "Future[Made]":
        """Puts a request behind those that wait.

        Returns:
            A future of its own rows. Cancelled, it is not drawn.

        Raises:
            BusyError: Where too much waits.
        """
        answer: Future[Made] = Future()
        with self._changed:
            rows = sum(r.rows for r, f in self._waiting if not f.cancelled())
            if self._closed or rows + request.rows > self.most_waiting:
                raise BusyError(
                    f"At most {self.most_waiting} rows may wait: ask again "
                    f"later. Received: {request.rows}, and {rows} wait"
                )
            self._waiting.append((request, answer))
            self._changed.notify()
        return answer

    def close(self) -> None:
        """Draws what waits, and ends."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while batch := self._next():
            taken = [b for b in batch if b[1].set_running_or_notify_cancel()]
            if taken:
                self._draw([r for r, _ in taken], [f for _, f in taken])

    def _draw(self, requests: list[Request], answers: list[Future]) -> None:
        try:
            whole = joined(requests)
            self.batches, self.rows = self.batches + 1, self.rows + whole.rows
            made = self.run(whole.inputs)
        except Exception as error:  # whatever a network raises
            for answer in answers:
                answer.set_exception(error)
            return
        start = 0
        for request, answer in zip(requests, answers, strict=True):
            rows = slice(start, start + request.rows)
            answer.set_result({name: v[rows] for name, v in made.items()})
            start += request.rows

    def _next(self) -> list[tuple[Request, "Future[Made]"]]:
        """Takes the oldest request and those that can be drawn with it."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            end = time.monotonic() + self.wait
            while not self._closed and self._rows_to_draw() < self.most:
                left = end - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            return self._take()

    def _rows_to_draw(self) -> int:
        kind = self._waiting[0][0].kind if self._waiting else None
        return sum(r.rows for r, _ in self._waiting if r.kind == kind)

    def _take(self) -> list[tuple[Request, "Future[Made]"]]:
        batch: list[tuple[Request, Future[Made]]] = []
        others: collections.deque[tuple[Request, Future[Made]]] = (
            collections.deque()
        )
        rows = 0
        for request, answer in self._waiting:
            first = not batch
            fits = not first and request.kind == batch[0][0].kind
            if first or (fits and rows + request.rows <= self.most):
                batch.append((request, answer))
                rows += request.rows
            else:
                others.append((request, answer))
        self._waiting = others
        return batch
