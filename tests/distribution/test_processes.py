"""Two processes: resuming, files of the chief, and what goes wrong."""

import signal
import subprocess
import time

import numpy as np
import pytest
from processes import free_port, start, train, trained

MODEL = {"variant": "DCGAN", "ema_decay": 0.9}
RUN = {"images": 128, "batch": 32, "epochs": 3, "model": MODEL}  # 12 steps


def task(tmp_path, name="out", **training):
    return {
        "trainings": {"a": {**RUN, **training}},
        "out": str(tmp_path / name),
    }


def finish(running, timeout=400):
    """Waits, and returns exit codes, outputs and the seconds it took."""
    began = time.monotonic()
    try:
        outputs = [p.communicate(timeout=timeout)[0] for p in running]
    finally:
        for p in running:
            p.kill()
    seconds = time.monotonic() - began
    return [p.returncode for p in running], outputs, seconds


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A training that loses process 1 after 7 of its 12 steps."""
    folder = tmp_path_factory.mktemp("killed")
    training = {"backup": str(folder / "backup")}
    port = free_port()
    running = [
        start(task(folder, **training), 0, 2, port),
        start(task(folder, kill_at=7, **training), 1, 2, port),
    ]
    return folder, training, finish(running)


def test_a_lost_process_is_named_and_the_others_end(killed):
    _, _, (codes, outputs, seconds) = killed
    assert codes[1] == -signal.SIGKILL
    assert codes[0] not in (0, None), outputs[0][-3000:]
    assert "longer answer: 1." in outputs[0], outputs[0][-3000:]
    assert seconds < 150


def test_they_go_on_bit_for_bit(killed, tmp_path):
    """Also where a process came late in the training that was not killed."""
    folder, training, _ = killed
    assert list((folder / "backup").glob("*.weights.h5"))
    (resumed,) = trained(folder, {"a": {**RUN, **training}}, 2).values()
    extra = {
        "fid": True,
        "samples": str(tmp_path / "samples"),
        "log": str(tmp_path / "log.csv"),
    }
    training = {"a": {**RUN, **extra}}
    (whole,) = trained(tmp_path, training, 2, late=8).values()
    for one, other in zip(whole, resumed, strict=True):
        keys = [k for k in other if "variable" in k or "slot" in k]
        for key in keys:
            np.testing.assert_array_equal(one[key], other[key], key)
    # The chief's files, of which there is one each.
    names = sorted(p.name for p in (tmp_path / "samples").iterdir())
    assert names == ["animation.gif", *(f"epoch_0000{i}.png" for i in "123")]
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 4
    # FID in shares is that of one process.
    (alone,) = trained(tmp_path, {"a": {**RUN, "fid": True}})["a"]
    np.testing.assert_allclose(whole[0]["fid"], whole[1]["fid"], rtol=0)
    np.testing.assert_allclose(whole[0]["fid"][0], alone["fid"][0], rtol=0.05)


def test_a_process_that_differs_is_named(tmp_path):
    tasks = [task(tmp_path), task(tmp_path, model={**MODEL, "ema_decay": 0.8})]
    codes, outputs = train(tasks)
    assert 0 not in codes
    told = "process 1 differs from process 0 in: configuration"
    assert any(told in output for output in outputs), outputs


def test_a_process_that_never_comes(tmp_path):
    alone = {**task(tmp_path), "timeout": 8}
    (code,), (output,), seconds = finish([start(alone, 0, 2, free_port())])
    assert code != 0 and seconds < 150, output[-2000:]
    assert any(
        w in output.lower() for w in ("timed out", "timeout", "deadline")
    )


def test_a_full_disk_at_the_chief(tmp_path):
    """Nothing hangs, and the message is the disk's."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk],
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        full = {"backup": str(disk / "backup")}
        codes, outputs = train([task(tmp_path, **full)] * 2)
    finally:
        subprocess.run(["umount", disk], check=True)
    assert 0 not in codes
    assert "No space left on device" in outputs[0]
    # JAX ends what loses its coordinator before Python comes to say so.
    told = ("longer answer: 0.", "the leader task was preempted/died")
    assert any(t in outputs[1] for t in told), outputs[1][-3000:]


def test_the_command_on_two_processes(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (64, 16, 16, 1), "uint8")
    np.save(tmp_path / "images.npy", images)
    out = tmp_path / "run"
    code = "from keras_gans.cli import app; app()"
    command = ["-c", code, "train", "DCGAN", "--data", tmp_path / "images.npy"]
    command += ["--epochs", "1", "--batch-size", "32", "--set", "width=4"]
    command += ["--out", out]
    port = free_port()
    codes, outputs, _ = finish(
        [start({}, i, 2, port, command=command) for i in (0, 1)]
    )
    assert codes == [0, 0], outputs
    assert "samples, one picture an epoch" in outputs[0]
    assert "samples, one picture" not in outputs[1]
    assert {p.name for p in out.iterdir()} >= {"run.json", "log.csv", "preset"}
    assert len((out / "log.csv").read_text().splitlines()) == 2
