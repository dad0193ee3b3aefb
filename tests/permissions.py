"""A folder that nobody may write to, root not excepted."""

import contextlib
import ctypes

CAPABILITY_VERSION, DAC_OVERRIDE = 0x20080522, 1 << 1


@contextlib.contextmanager
def closed(folder):
    """Takes the right to write from a folder, and root's power to do so.

    Linux checks capabilities by thread: those of other threads stay.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    held = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, held) == 0
    fewer = type(held)(*held)
    fewer[0] &= ~DAC_OVERRIDE  # of the effective ones; it may be had again
    mode = folder.stat().st_mode
    folder.chmod(mode & ~0o222)
    assert libc.capset(header, fewer) == 0
    try:
        yield
    finally:
        assert libc.capset(header, held) == 0
        folder.chmod(mode)
