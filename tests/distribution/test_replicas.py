"""Two replicas of 32 take the step that one device of 64 takes."""

import keras
import numpy as np
import pytest
from processes import assert_close, train, trained

VARIANTS = {
    "GAN": {},
    "DCGAN": {"synchronized": True, "ema_decay": 0.9},
    "Penalised": {},
    "Conditional": {},
}
ONE_STEP = {
    f"{variant}_{optimizer}": {
        "images": 64,
        "model": {"variant": variant, "optimizer": optimizer, **arguments},
    }
    for variant, arguments in VARIANTS.items()
    for optimizer in ("sgd", "adam")
}
OWN_NORM = {
    "images": 64,
    "model": {"variant": "DCGAN", "optimizer": "sgd", "ema_decay": 0.9},
}
on_torch = keras.backend.backend() == "torch"
LAYOUTS = {"two processes": {"processes": 2}}
if not on_torch:  # which has one device a process
    LAYOUTS |= {"two devices": {"devices": 2}, "four devices": {"devices": 4}}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """All trainings on each layout, each made once."""
    made = {}

    def on(layout):
        if layout not in made:
            made[layout] = trained(
                tmp_path_factory.mktemp("runs"),
                {**ONE_STEP, "own_norm": OWN_NORM},
                **LAYOUTS.get(layout, {}),
            )
        return made[layout]

    return on


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_one_step(runs, variant, layout):
    """Gradients, weights under SGD, Adam's moments, logs, EMA."""
    for optimizer in ("sgd", "adam"):
        name = f"{variant}_{optimizer}"
        (one,) = runs("alone")[name]
        for other in runs(layout)[name]:
            assert list(one) == list(other)
            keys = [k for k in one if k not in ("latents", "dropped")]
            if optimizer == "adam":  # which divides rounding by rounding
                keys = [k for k in keys if not k.startswith("variable")]
            assert_close(one, other, keys)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_batch_norm_of_each_replica(runs, layout):
    """Differs from that of the whole batch; averages are the same on all."""
    (one,) = runs("alone")["own_norm"]
    several = runs(layout)["own_norm"]
    slots = [k for k in one if "discriminator_slot" in k and one[k].ndim > 1]
    differ = [
        np.abs(several[0][k] - one[k]).max() > 1e-3 * np.abs(one[k]).max()
        for k in slots
    ]
    assert all(differ)
    for other in several[1:]:
        assert_close(several[0], other, list(other), tolerance=0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_replicas_draw_their_own(runs, layout):
    """Together they draw the latents of one device; dropout differs."""
    several = runs(layout)["Penalised_sgd"]
    rows = np.concatenate([part["latents"] for part in several])
    (one,) = runs("alone")["Penalised_sgd"]
    np.testing.assert_array_equal(rows[:4], one["latents"])
    if keras.backend.backend() != "jax":  # where one program draws for all
        assert len(np.unique(rows, axis=0)) == len(rows) > 4
        dropped = np.concatenate([part["dropped"] for part in several])
        assert (dropped[:4] != dropped[4:8]).any()


def test_a_batch_that_cannot_be_shared(tmp_path):
    training = {"images": 128, "batch": 63, "model": {"variant": "GAN"}}
    task = {"trainings": {"a": training}, "out": str(tmp_path / "out")}
    codes, outputs = train(
        [task, task] if on_torch else [{**task, "devices": 2}]
    )
    assert set(codes) == {1}
    assert "batch_size=63 on 2 devices" in outputs[0]
