"""WAV files of every width, against numbers worked out by hand."""

import wave

import numpy as np
import pytest

from keras_gans.data.audio.wav import check_wav, read_wav, resample


def write(path, data, width=2, channels=1, rate=8000):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)
    return path


def little_endian(values, width):
    return b"".join(v.to_bytes(width, "little", signed=True) for v in values)


@pytest.mark.parametrize(
    ("width", "data", "expected"),
    [
        (1, bytes([0, 127, 128, 255]), [-32768, -256, 0, 32512]),
        (2, little_endian([-32768, -1, 0, 32767], 2), [-32768, -1, 0, 32767]),
        (
            3,  # the lowest byte is rounded: -1 is nearly 0, 128 is half a step
            little_endian([-(2**23), -1, 127, 128, 300, 2**23 - 1], 3),
            [-32768, 0, 0, 1, 1, 32767],
        ),
        (
            4,
            little_endian([-(2**31), -1, 2**15, 2**31 - 1], 4),
            [-32768, 0, 1, 32767],
        ),
    ],
)
def test_every_width(tmp_path, width, data, expected):
    path = write(tmp_path / "x.wav", data, width)
    samples, rate = read_wav(path)
    assert samples.dtype == "int16" and rate == 8000
    assert samples[:, 0].tolist() == expected
    assert check_wav(path) == (len(expected), 1, 8000)


def test_channels_and_the_start(tmp_path):
    values = np.arange(20, dtype="<i2").reshape(10, 2)
    path = write(tmp_path / "x.wav", values.tobytes(), channels=2, rate=4)
    np.testing.assert_array_equal(read_wav(path)[0], values)
    np.testing.assert_array_equal(read_wav(path, 1.1)[0], values[:5])
    assert check_wav(path) == (10, 2, 4)


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-3])


def no_samples(path):
    write(path, b"")


def float_samples(path):
    data = bytearray(path.read_bytes())
    data[20] = 3  # IEEE float instead of PCM
    path.write_bytes(data)


def no_wav(path):
    path.write_bytes(b"ID3\x04 this is an mp3")


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "spoil", [cut_short, no_samples, float_samples, no_wav, empty]
)
def test_damaged_files(tmp_path, spoil):
    path = write(tmp_path / "x.wav", np.arange(50, dtype="<i2").tobytes())
    spoil(path)
    with pytest.raises((ValueError, wave.Error, EOFError)):
        check_wav(path)


@pytest.mark.parametrize("length", [60, 100, 73, 200, 211])
def test_a_tone_stays_the_tone(length):
    """Three whole waves, sampled at another rate."""
    t, u = np.arange(100) / 100, np.arange(length) / length
    tone = np.sin(2 * np.pi * 3 * t)[:, None]
    out = resample(np.concatenate([tone, 2 * tone], axis=1), length)
    expected = np.sin(2 * np.pi * 3 * u)[:, None]
    np.testing.assert_allclose(
        out, np.concatenate([expected, 2 * expected], axis=1), atol=1e-12
    )


def test_what_the_new_rate_cannot_hold_is_cut_off():
    t = np.arange(100) / 100
    high = np.sin(2 * np.pi * 40 * t)[:, None]
    np.testing.assert_allclose(resample(high, 50), 0.0, atol=1e-12)


@pytest.mark.parametrize(
    ("old", "new"), [(10, 20), (20, 10), (9, 20), (20, 9), (15, 7), (10, 11)]
)
def test_resampling_is_scipys(old, new):
    signal = pytest.importorskip("scipy.signal")
    samples = np.random.default_rng(0).normal(size=(old, 2))
    np.testing.assert_allclose(
        resample(samples, new), signal.resample(samples, new), atol=1e-12
    )
