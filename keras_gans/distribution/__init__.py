"""Training on many devices and hosts, with each backend's own means.

```python
with keras_gans.distribution.start():
    gan = keras_gans.DCGAN()
    gan.compile()
gan.fit(images, batch_size=256)
```

The same script runs on one device, on all devices of a machine, and as one
of many processes. The results are the same up to rounding, except for what
each replica computes by itself: batch norm's statistics, unless
`synchronized=True`, and dropout.

Call `start` as often as there are models: in one process it gives the same
strategy each time. With a strategy of your own keep one object for all models
(TensorFlow fails with a second one where shapes differ).
"""

from keras_gans.distribution.cluster import Cluster, find_cluster
from keras_gans.distribution.failures import naming_the_lost
from keras_gans.distribution.processes import (
    alone,
    gather,
    is_chief,
    num_replicas,
    predict,
    predict_on_batch,
    process,
)
from keras_gans.distribution.sharing import share_out
from keras_gans.distribution.starting import start

__all__ = [
    "Cluster",
    "alone",
    "find_cluster",
    "gather",
    "is_chief",
    "naming_the_lost",
    "num_replicas",
    "predict",
    "predict_on_batch",
    "process",
    "share_out",
    "start",
]
