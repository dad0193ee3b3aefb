import keras
import numpy as np
import pytest

from keras_gans import metrics
from keras_gans.metrics.sets.conditional_accuracy import count_correct


def halves():
    """Class 0 where the left half is brighter, class 1 where the right is."""
    layers = [
        keras.Input((8, 8, 1)),
        keras.layers.AveragePooling2D((8, 4)),
        keras.layers.Flatten(),
    ]
    return keras.Sequential(layers, name="halves")


@pytest.fixture(scope="module")
def images():
    images = np.zeros((5, 8, 8, 1), "uint8")
    images[:2, :, :4] = 200
    images[2:, :, 4:] = 200
    return images


LABELS = np.array([0, 1, 1, 0, 1])


def test_by_hand(images):
    record = metrics.conditional_accuracy(LABELS, images, halves())
    assert record.value == 3 / 5
    assert record.details == {"class_0": 1 / 2, "class_1": 2 / 3}
    assert record.name == "conditional_accuracy[halves]"
    assert (record.num_real, record.num_fake) == (0, 5)


def test_a_class_that_was_not_asked_for_is_left_out():
    right, asked = count_correct([2, 2, 0], np.eye(4)[[2, 1, 0]])
    assert right.tolist() == [1, 0, 1, 0]
    assert asked.tolist() == [1, 0, 2, 0]


def test_metric_streams_merges_and_forgets(images):
    network = halves()
    expected = metrics.conditional_accuracy(LABELS, images, network)
    metric, other = (metrics.ConditionalAccuracy(network) for _ in range(2))
    for _ in range(2):
        metric.update_state(LABELS[:2], images[:2])
        metric.update_state(
            keras.ops.convert_to_tensor(LABELS[2:3]), images[2:3]
        )
        other.update_state(LABELS[3:], images[3:])
        metric.merge_state([other])
        assert metric.result() == expected.value
        assert metric.record().details == expected.details
        metric.reset_state()
        other.reset_state()
    with pytest.raises(ValueError, match=r"Received: shape \(4,\) for 5"):
        metric.update_state(LABELS[:4], images)


def test_shipped_classifier_knows_real_images():
    keras_gans = pytest.importorskip("keras_gans")
    data = keras_gans.data.load("fashion_mnist_10k")
    some = slice(0, 200)
    record = metrics.conditional_accuracy(data.labels[some], data[some])
    assert record.value > 0.85
    metric = metrics.ConditionalAccuracy()
    again = type(metric).from_config(metric.get_config())
    assert again.name == "conditional_accuracy[fashion_mnist_classifier]"


@pytest.mark.parametrize(
    ("labels", "received"),
    [
        ([0, 1, 2, 0, 1], "from 0 to 2"),
        ([0, 1, -1, 0, 1], "from -1 to 1"),
        ([0, 1], r"int64 of shape \(2,\) for 5 images"),
        ([0.0, 1.0, 1.0, 0.0, 1.0], r"float64 of shape \(5,\)"),
    ],
)
def test_bad_labels(labels, received, images):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        metrics.conditional_accuracy(labels, images, halves())


def test_networks_that_do_not_classify(images):
    with pytest.raises(ValueError, match="Received: 'halves', which has none"):
        metrics.conditional_accuracy(
            LABELS, images, metrics.FeatureExtractor(halves())
        )
    one = keras.Sequential([halves(), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=r"Received: \(5, 1\)"):
        metrics.conditional_accuracy(LABELS, images, one)
