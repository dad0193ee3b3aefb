import tarfile
import wave
from pathlib import Path

import numpy as np
import pytest

from keras_gans.data import sounds
from keras_gans.modalities import Audio

SHARED = Path(__file__).parents[4] / "shared" / "data"


def save(path, samples, rate=8000):
    samples = np.asarray(samples, "<i2")
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


LONG = np.arange(1, 61) * 500
SHORT = np.arange(1, 21) * -700


@pytest.fixture
def drums(tmp_path):
    save(tmp_path / "drums" / "kick" / "long.wav", LONG)
    save(tmp_path / "drums" / "snare" / "short.WAV", SHORT)
    (tmp_path / "drums" / "index.csv").write_text("file,class")
    return tmp_path / "drums"


def test_sounds_are_cut_and_filled_up(drums):
    source = sounds(drums, 40)
    assert repr(source) == (
        'SoundFiles("drums", 2 rows of audio (waveforms of 40 samples at '
        "8000 Hz), labels (2 classes))"
    )
    rows = source.rows(np.array([1, 0]))
    assert rows["audio"].shape == (2, 40, 1)
    assert rows["audio"].dtype == "int16"
    np.testing.assert_array_equal(rows["audio"][1, :, 0], LONG[:40])
    np.testing.assert_array_equal(rows["audio"][0, :20, 0], SHORT)
    assert (rows["audio"][0, 20:] == 0).all()
    assert rows["labels"].tolist() == [1, 0]
    assert source.class_names == ["kick", "snare"]
    assert source.modalities["labels"].names == ["kick", "snare"]
    assert list(source.rows(np.array([0]), ["labels"])) == ["labels"]
    assert source.rows(np.array([], int))["audio"].shape == (0, 40, 1)


def test_the_modality_writes_what_is_read(drums, tmp_path):
    source = sounds(drums, 40)
    row = source.rows(np.array([0]))["audio"][0]
    (tmp_path / "out").mkdir()
    source.modalities["audio"].write(tmp_path / "out" / "x.wav", row)
    again = sounds(tmp_path / "out", 40)
    np.testing.assert_array_equal(again.rows(np.array([0]))["audio"][0], row)


def test_one_folder_has_no_classes(drums):
    source = sounds(drums / "kick", 40)
    assert source.labels is None and list(source.modalities) == ["audio"]


def test_channels(tmp_path):
    both = np.stack([LONG, LONG // 2], axis=1)
    save(tmp_path / "a.wav", both)
    mono = sounds(tmp_path, 60).rows(np.array([0]))["audio"]
    np.testing.assert_array_equal(mono[0, :, 0], np.rint(both.mean(1)))
    stereo = sounds(tmp_path, 60, channels=2).rows(np.array([0]))["audio"]
    np.testing.assert_array_equal(stereo[0], both)
    save(tmp_path / "b.wav", LONG)
    stereo = sounds(tmp_path, 60, channels=2).rows(np.array([1]))["audio"]
    np.testing.assert_array_equal(stereo[0], np.stack([LONG, LONG], 1))
    with pytest.raises(ValueError, match=r"Received: channels=3, and .*a.wav"):
        sounds(tmp_path, 60, channels=3)


def test_another_rate_is_resampled(tmp_path):
    seconds = np.arange(4000) / 8000
    tone = np.rint(20000 * np.sin(2 * np.pi * 440 * seconds))
    save(tmp_path / "a.wav", tone)
    source = sounds(tmp_path, 2756, rate=11025)
    assert source.modalities["audio"].rate == 11025
    out = source.rows(np.array([0]))["audio"][0, :, 0]
    times = np.arange(len(out)) / 11025
    expected = 20000 * np.sin(2 * np.pi * 440 * times)
    error = np.abs(out - expected)[100:]  # the beginning is a cut
    assert error.max() < 0.02 * 20000
    save(tmp_path / "b.wav", np.full(100, 32767), 16000)
    loud = sounds(tmp_path, 40, rate=8000).rows(np.array([1]))["audio"]
    assert loud.max() == 32767 and loud.min() >= 0  # clipped, not wrapped


def test_files_that_differ_in_rate_need_one(tmp_path, drums):
    save(drums / "kick" / "fast.wav", LONG, 16000)
    with pytest.raises(ValueError, match=r"`rate`.*\[8000, 16000\]"):
        sounds(drums, 40)


def test_damaged_files_are_named(drums):
    path = drums / "snare" / "short.WAV"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(ValueError, match=r"1 of 2 files.*snare.short\.WAV"):
        sounds(drums, 40)
    with pytest.warns(UserWarning, match=r"snare.short\.WAV"):
        source = sounds(drums, 40, corrupt="skip")
    assert source.class_names == ["kick", "snare"]
    assert source.rows(np.array([0]))["labels"].tolist() == [0]
    source.paths[0].write_bytes(b"no sound")
    with pytest.raises(OSError, match=r"Received: .*long\.wav"):
        source.rows(np.array([0]))


def test_splits(drums, tmp_path):
    (tmp_path / "set").mkdir()
    drums.rename(tmp_path / "set" / "test")
    assert len(sounds(tmp_path / "set", 40, split="test")) == 2
    with pytest.warns(UserWarning, match='no sub-folder "train"'):
        sounds(tmp_path / "set", 40)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(length=0), "`length` must.*Received: 0"),
        (dict(length=2.5), "`length` must.*Received: 2.5"),
        (dict(rate=-1), "`rate` must.*Received: -1"),
        (dict(channels="2"), "`channels` must.*Received: '2'"),
        (dict(corrupt="no"), "`corrupt` must.*Received: 'no'"),
    ],
)
def test_bad_arguments(drums, options, message):
    with pytest.raises(ValueError, match=message):
        sounds(drums, **{"length": 40, **options})


def test_folders_without_sounds(tmp_path, photos):
    with pytest.raises(FileNotFoundError, match=r"Received: .*nowhere"):
        sounds(tmp_path / "nowhere", 40)
    with pytest.raises(ValueError, match=r"no sounds .*Received: .*12 files"):
        sounds(photos, 40)


@pytest.mark.parametrize(
    ("name", "num", "rate"),
    [("drum_hits", 529, 16000), ("spoken_digits_8khz", 2400, 8000)],
)
def test_real_sounds(name, num, rate, tmp_path):
    archive = SHARED / f"{name}.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive.name} is not here")
    with tarfile.open(archive) as file:
        file.extractall(tmp_path)
    source = sounds(tmp_path, 8192)
    assert len(source) == num
    audio = source.modalities["audio"]
    assert isinstance(audio, Audio) and audio.rate == rate
    rows = source.rows(np.arange(32))["audio"]
    audio.check(rows)
    assert rows.std() > 100
