"""Two replicas of 32 take the step that one device of 64 takes."""

import keras
import numpy as np
import pytest
from processes import assert_close, train, trained

DCGAN = {"variant": "DCGAN", "ema_decay": 0.9, "generator": "sgd"}
ONE_STEP = {
    "GAN": {"variant": "GAN", "generator": "sgd"},
    "DCGAN": {**DCGAN, "synchronized": True},
    "Penalised": {"variant": "Penalised", "generator": "sgd"},
    "Penalised_other": {"variant": "Penalised", "discriminator": "sgd"},
    "Conditional": {"variant": "Conditional", "discriminator": "sgd"},
}
MODELS = {**ONE_STEP, "own_norm": DCGAN}
FEW = ("DCGAN", "Penalised", "own_norm")
TRAININGS = {k: {"images": 64, "model": m} for k, m in MODELS.items()}
# One step on one device needs no graph, where JAX would compile each operation.
ALONE = {"eagerly": keras.backend.backend() != "jax"}
LAYOUTS = {
    "torch": {"two processes": {"processes": 2}},
    "tensorflow": {
        "two processes": {"processes": 2},
        "two devices": {"devices": 2},
        "four devices": {"devices": 4},
    },
    "jax": {
        "two processes": {"processes": 2},
        "two devices": {"devices": 2},
        # Two shares of the batch, and each kernel split in two.
        "two by two": {"devices": 4, "model_shards": 2},
    },
}[keras.backend.backend()]


def trainings_on(layout):
    """Returns what is trained where: on four devices not all."""
    few = LAYOUTS.get(layout, {}).get("devices") == 4
    return {k: v for k, v in TRAININGS.items() if k in FEW or not few}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """All trainings on each layout, each made once."""
    made = {}

    def on(layout):
        if layout not in made:
            made[layout] = trained(
                tmp_path_factory.mktemp("runs"),
                trainings_on(layout),
                **LAYOUTS.get(layout, ALONE),
            )
        return made[layout]

    return on


@pytest.mark.parametrize(
    ("layout", "name"),
    [(a, b) for a in LAYOUTS for b in ONE_STEP if b in trainings_on(a)],
)
def test_one_step(runs, layout, name):
    """Gradients, weights under SGD, Adam's moments, the average, the logs."""
    (one,) = runs("alone")[name]
    # Adam divides rounding by rounding: its moments count, not its weights.
    players = ("generator", "discriminator")
    by_adam = [p for p in players if MODELS[name].get(p) != "sgd"]
    for other in runs(layout)[name]:
        assert list(one) == list(other)
        keys = [k for k in one if k not in ("latents", "dropped")]
        keys = [k for k in keys if k.partition("_variable")[0] not in by_adam]
        assert len(keys) > 10
        assert_close(one, other, keys)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_batch_norm_of_each_replica(runs, layout):
    """Differs from that of the whole batch; averages are the same on all."""
    (one,) = runs("alone")["own_norm"]
    several = runs(layout)["own_norm"]
    slots = [k for k in one if "generator_slot" in k and one[k].ndim > 1]
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
    several = runs(layout)["Penalised"]
    rows = np.concatenate([part["latents"] for part in several])
    (one,) = runs("alone")["Penalised"]
    if keras.backend.backend() == "jax":  # every process shows all of them
        rows = rows[:8]
    else:
        dropped = np.concatenate([part["dropped"] for part in several])
        assert (dropped[:4] != dropped[4:]).any()
    np.testing.assert_array_equal(rows, one["latents"])
    assert len(np.unique(rows, axis=0)) == 8


def test_a_batch_that_cannot_be_shared(tmp_path):
    training = {"images": 128, "batch": 63, "model": {"variant": "GAN"}}
    task = {"trainings": {"a": training}, "out": str(tmp_path / "out")}
    on_torch = keras.backend.backend() == "torch"
    codes, outputs = train(
        [task, task] if on_torch else [{**task, "devices": 2}]
    )
    assert set(codes) == {1}
    assert "batch_size=63 on 2 devices" in outputs[0]
