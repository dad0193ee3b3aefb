import os
import platform
import subprocess
import sys
import warnings

import keras
import pytest

from keras_gans import onednn

ZEN_3 = "processor : 0\nflags\t\t: fpu sse2 fma avx2 vaes\n"
SKYLAKE = "flags\t\t: fma avx2 avx512f avx512bw\n"
ICE_LAKE = "flags\t\t: fma avx2 avx512f avx512_vnni\n"
ALDER_LAKE = "flags\t\t: fma avx2 avx_vnni\n"
GRAVITON = "processor : 0\nFeatures\t: fp asimd bf16\n"


def run(code, variable=None):
    """Runs code in a process of its own, on TensorFlow."""
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow"}
    environment.pop(onednn.VARIABLE, None)
    if variable is not None:
        environment[onednn.VARIABLE] = variable
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


@pytest.fixture
def warned(monkeypatch, tmp_path):
    """Gives the warnings of `enable` on a processor with Keras loaded."""

    def of(cpuinfo, backend="tensorflow"):
        monkeypatch.setattr(onednn, "CPUINFO", str(tmp_path / "cpuinfo"))
        monkeypatch.setattr(keras.config, "backend", lambda: backend)
        if cpuinfo is not None:
            (tmp_path / "cpuinfo").write_text(cpuinfo)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            onednn.enable()
        return [str(warning.message) for warning in caught]

    monkeypatch.delenv(onednn.VARIABLE, raising=False)
    return of


@pytest.mark.parametrize(
    "variable, expected", [(None, "1"), ("0", "0"), ("1", "1")]
)
def test_import_sets_what_the_user_has_not(variable, expected):
    code = (
        "import os, sys, keras_gans\n"
        f"assert os.environ['{onednn.VARIABLE}'] == '{expected}'\n"
        "assert 'tensorflow' not in sys.modules\n"
    )
    run(code, variable)


def test_import_after_tensorflow_warns_once():
    run(f"""
import builtins, io, os, warnings
import keras

read = builtins.open
def fake(path, *arguments, **options):
    if path == "/proc/cpuinfo":
        return io.StringIO({ZEN_3!r})
    return read(path, *arguments, **options)

builtins.open, os.path.exists = fake, lambda path: True
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import keras_gans
    import keras_gans.losses
ours = [w for w in caught if "{onednn.VARIABLE}=1" in str(w.message)]
assert len(ours) == 1, caught
assert ours[0].filename == "<string>", ours[0].filename
assert "{onednn.VARIABLE}" not in os.environ
""")


@pytest.mark.parametrize("cpuinfo", [ZEN_3, SKYLAKE])
def test_processors_that_are_warned_of(warned, cpuinfo):
    (message,) = warned(cpuinfo)
    assert f"{onednn.VARIABLE}=1" in message


@pytest.mark.parametrize("cpuinfo", [ICE_LAKE, ALDER_LAKE, GRAVITON, None])
def test_processors_that_are_not_warned_of(warned, cpuinfo):
    assert warned(cpuinfo) == []


@pytest.mark.parametrize("variable", ["0", "1"])
def test_the_user_who_has_chosen_is_not_warned(warned, monkeypatch, variable):
    monkeypatch.setenv(onednn.VARIABLE, variable)
    assert warned(ZEN_3) == []
    assert os.environ[onednn.VARIABLE] == variable


def test_other_backends_are_not_warned(warned):
    assert warned(ZEN_3, backend="jax") == []
    assert os.environ[onednn.VARIABLE] == "1"  # TensorFlow may follow: exports


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="flags are read on Linux on x86",
)
def test_tensorflow_has_the_same_default_here():
    run("""
import tensorflow
from tensorflow.python.util import _pywrap_util_port

from keras_gans import onednn

expected = bool(onednn.processor_flags() & onednn.ON_BY_DEFAULT)
assert _pywrap_util_port.IsMklEnabled() == expected
""")


@pytest.mark.parametrize(
    "cpuinfo, dtype, num",
    [
        (ZEN_3, "mixed_bfloat16", 1),
        (ICE_LAKE, "mixed_bfloat16", 1),
        ("flags\t\t: avx512_bf16\n", "mixed_bfloat16", 0),
        (ZEN_3, "float32", 0),
        (GRAVITON, "mixed_bfloat16", 0),
    ],
)
def test_bfloat16_is_warned_of_where_it_is_emulated(
    monkeypatch, tmp_path, cpuinfo, dtype, num
):
    monkeypatch.setattr(onednn, "CPUINFO", str(tmp_path / "cpuinfo"))
    (tmp_path / "cpuinfo").write_text(cpuinfo)
    inputs = keras.Input((2,))
    network = keras.Model(inputs, keras.layers.Dense(1, dtype=dtype)(inputs))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        onednn.warn_of_bfloat16(network)
    assert ["bfloat16" in str(w.message) for w in caught] == [True] * num
