"""What is slow on some processors: TensorFlow's kernels, and bfloat16.

On Linux TensorFlow uses oneDNN by default only on processors with instructions
for neural networks. On other x86 processors (AMD Zen 1 to 3, Intel before Ice
Lake) convolutions are several times slower without it.
"""

import os
import sys
import warnings
from typing import Any

VARIABLE = "TF_ENABLE_ONEDNN_OPTS"
CPUINFO = "/proc/cpuinfo"

# With one of these TensorFlow uses oneDNN unless it is told not to:
# DefaultOneDnnPolicy in tensorflow/core/util/port.cc.
ON_BY_DEFAULT = frozenset(
    (
        "amx_bf16",
        "amx_int8",
        "amx_tile",
        "avx512_bf16",
        "avx512_vnni",
        "avx_vnni",
    )
)


def enable() -> None:
    """Turns the kernels on, or warns where it is too late for that.

    TensorFlow reads the environment variable `TF_ENABLE_ONEDNN_OPTS` once,
    when it is loaded. A value that the user has set is kept.
    """
    if VARIABLE in os.environ:
        return
    keras = sys.modules.get("keras")
    if keras is None or keras.config.backend() != "tensorflow":
        os.environ[VARIABLE] = "1"
        return
    flags = processor_flags()
    if flags and not flags & ON_BY_DEFAULT:
        warnings.warn(
            "TensorFlow is loaded with its oneDNN kernels off, which is its "
            "default on this processor and makes training on the CPU slow. "
            "Import keras_gans before TensorFlow and Keras, or set the "
            f"environment variable {VARIABLE}=1 (0 keeps the kernels off and "
            "hides this warning).",
            stacklevel=3,  # the line that imports keras_gans
        )


def multiplies_bfloat16() -> bool:
    """Returns whether an x86 processor has instructions for bfloat16."""
    return bool(processor_flags() & {"avx512_bf16", "amx_bf16"})


def warn_of_bfloat16(network: Any) -> None:
    """Warns where a network computes in bfloat16 on a CPU that emulates it.

    Args:
        network: A Keras model with weights.
    """
    halves = any(layer.compute_dtype == "bfloat16" for layer in network.layers)
    if not halves or not processor_flags() or multiplies_bfloat16():
        return
    if "cpu" in str(network.weights[0].value.device).lower():
        warnings.warn(
            "This processor has no instructions for bfloat16: training in "
            "mixed_bfloat16 takes about ten times as long as in float32 here. "
            'Leave `dtype` out, or set `dtype="float32"`.',
            stacklevel=3,
        )


def processor_flags() -> frozenset[str]:
    """Returns the flags of an x86 processor on Linux; elsewhere none."""
    if os.path.exists(CPUINFO):
        with open(CPUINFO) as lines:
            for line in lines:
                if line.startswith("flags"):
                    return frozenset(line.partition(":")[2].split())
    return frozenset()
