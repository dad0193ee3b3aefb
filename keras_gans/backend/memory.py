"""Running out of memory, which each backend reports in its own way."""

NAMES = ("ResourceExhaustedError", "OutOfMemoryError")
"""TensorFlow's error, and PyTorch's on an accelerator."""

WORDS = ("RESOURCE_EXHAUSTED", "out of memory", "can't allocate memory")
"""What JAX's error says, CUDA's, and PyTorch's on a CPU."""


def is_out_of_memory(error: BaseException) -> bool:
    """Returns whether an error of NumPy or of a backend means that.

    Args:
        error: The error.
    """
    if isinstance(error, MemoryError) or type(error).__name__ in NAMES:
        return True
    text = str(error).lower()
    return any(words.lower() in text for words in WORDS)
