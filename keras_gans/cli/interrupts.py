"""Ctrl-C, which ends training after a whole step that is saved."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

NOTE = b"\nStopping after this step. Ctrl-C once more stops at once.\n"


@contextlib.contextmanager
def noted_interrupts() -> Iterator[threading.Event]:
    """Notes Ctrl-C, where it would else break off in the middle of a step.

    The second one breaks off. Where the process ignores Ctrl-C, as a shell's
    background jobs do, that stays so.

    Yields:
        An event, which is set by Ctrl-C.
    """
    pressed = threading.Event()

    def note(number: int, frame: Any) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        os.write(2, NOTE)

    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        yield pressed
        return
    old = signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, old)
