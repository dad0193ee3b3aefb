import math

import numpy as np
import pytest
from contract import EAGER, rows_for, tiny, with_labels
from keras import ops

import keras_gans
from keras_gans import losses
from keras_gans.models.acgan import class_loss, hits

# softmax(log 3, 0) = (3/4, 1/4)
LOGITS = ops.convert_to_tensor([[math.log(3.0), 0.0], [math.log(3.0), 0.0]])
LABELS = ops.convert_to_tensor([0, 1], dtype="int32")


def test_equation_3_by_hand():
    by_hand = -(math.log(3 / 4) + math.log(1 / 4)) / 2
    assert float(class_loss(LOGITS, LABELS)) == pytest.approx(by_hand)
    assert ops.convert_to_numpy(hits(LOGITS, LABELS)).tolist() == [1.0, 0.0]


def test_players_weigh_source_and_class(images):
    gan = tiny("ACGAN", class_weight=0.0)
    real, given = gan.unpack(with_labels(gan, images[:16]))
    labels = given["labels"]
    fake = gan.generator([ops.ones((16, 4)), labels])
    for layer in gan.discriminator.layers:
        if hasattr(layer, "rate"):
            layer.rate = 0.0
    alone = float(gan.discriminator_loss(real, fake, given))
    sources = [gan.discriminator(x, training=True)[0] for x in (real, fake)]
    by_hand = float(losses.cross_entropy_discriminator(*sources))
    assert alone == pytest.approx(by_hand, rel=1e-4)
    gan.class_weight = 2.0
    of_class = [
        float(class_loss(gan.discriminator(x, training=True)[1], labels))
        for x in (real, fake)
    ]
    both = float(gan.discriminator_loss(real, fake, given))
    assert both == pytest.approx(alone + 2.0 * sum(of_class), rel=1e-4)
    logged = {m.name: float(m.result()) for m in gan.metrics}
    for name, x in (("real", real), ("fake", fake)):
        _, said = gan.discriminator(x, training=True)
        right = float(ops.mean(hits(said, labels)))
        assert logged[f"{name}_accuracy"] == pytest.approx(right)
    # The generator wants its fakes taken for real, and for their class.
    said, _ = gan.discriminator(fake, training=True)
    of_source = float(losses.non_saturating_generator(said))
    verdict = float(gan.verdict_on(real, fake, given))
    assert verdict == pytest.approx(of_source + 2.0 * of_class[1], rel=1e-4)


@pytest.mark.parametrize("dropout", [-0.1, 1.0])
def test_refuses_a_dropout_that_there_is_not(dropout):
    with pytest.raises(ValueError, match="Received: dropout="):
        keras_gans.ACGAN((16, 16, 1), width=2, dropout=dropout)


def test_drops_what_it_is_told():
    images = np.ones((1, 16, 16, 1), "float32")
    for dropout, same in ((0.0, True), (0.5, False)):
        gan = keras_gans.ACGAN((16, 16, 1), width=2, dropout=dropout, seed=0)
        one, other = (
            ops.convert_to_numpy(gan.discriminator(images, training=True)[1])
            for _ in range(2)
        )
        assert np.array_equal(one, other) == same


def test_scores_on_held_out_rows_are_its_classifiers_accuracy():
    gan = tiny("ACGAN", run_eagerly=EAGER, ema_decay=0.5)
    rows, held_out = rows_for(gan, 16), rows_for(gan, 20, seed=1)
    logs = gan.fit(
        rows, batch_size=16, verbose=0, validation_data=held_out
    ).history
    labels = held_out["labels"]
    made = gan.generate(labels=labels, seed=0)
    real = held_out["images"] / np.float32(127.5) - 1
    for name, images in (("real", real), ("fake", made)):
        _, said = gan.discriminator(images, training=False)
        right = ops.convert_to_numpy(said).argmax(-1) == labels
        assert logs[f"val_{name}_accuracy"] == [right.mean()]
        assert gan.evaluate(held_out)[f"{name}_accuracy"] == right.mean()
    with pytest.raises(ValueError, match="Received: no 'labels'"):
        gan.evaluate(held_out["images"])


def test_scores_are_of_all_classes_of_ordered_data():
    gan = tiny("ACGAN", num_classes=2)
    (layer,) = (
        x for x in gan.discriminator.layers if getattr(x, "units", 0) == 2
    )
    # Always the first class.
    layer.set_weights([0.0 * layer.get_weights()[0], np.array([1.0, 0.0])])
    labels = np.repeat([0, 1], 1024)
    images = np.zeros((2048, 16, 16, 1), "uint8")
    assert gan.evaluate(images, labels) == {
        "real_accuracy": 0.5,
        "fake_accuracy": 0.5,
    }
