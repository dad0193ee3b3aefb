"""Random numbers that differ between replicas."""

import keras
from keras import ops


def differ_by_replica(model, replica):
    """Makes the layers of a model draw other random numbers on each replica.

    All replicas hold the same random state, so that one file restores them
    all. Without this, dropout would drop the same units on every replica. The
    model's own seed generator stays as it is: `AdversarialModel.draw` takes
    each replica's share of what one device would draw.

    Args:
        model: The model, whose layers' seed generators are changed.
        replica: Function that returns the number of this replica and of all.
    """
    for layer in model._flatten_layers(include_self=False):
        for generator in vars(layer).values():
            if isinstance(generator, keras.random.SeedGenerator):
                generator.next = _shifted(generator, replica)


def _shifted(generator, replica):
    draw = type(generator).next

    def shifted(ordered=True):
        seed, count = ops.unstack(draw(generator, ordered), 2)
        index = ops.cast(replica()[0], seed.dtype)
        return ops.stack([seed + index * 1_000_003, count])

    return shifted
