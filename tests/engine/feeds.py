"""What `fit` takes images from."""

import keras
import pytest

from keras_gans import data
from keras_gans.data import Source
from keras_gans.modalities import Image


class Dataset(keras.utils.PyDataset):
    def __init__(self, *arrays):
        super().__init__()
        self.arrays = arrays

    def __len__(self):
        return len(self.arrays[0]) // 16

    def __getitem__(self, i):
        return tuple(a[16 * i : 16 * i + 16] for a in self.arrays)


def tf_data(*arrays):
    tf = pytest.importorskip("tensorflow")
    return tf.data.Dataset.from_tensor_slices(arrays).batch(16)


def loader(*arrays):
    torch = pytest.importorskip("torch")
    arrays = [a.astype("int32") if a.dtype == "uint16" else a for a in arrays]
    tensors = torch.utils.data.TensorDataset(*map(torch.from_numpy, arrays))
    return torch.utils.data.DataLoader(tensors, batch_size=16)


class Own(Source):
    """Someone's own source, which checks nothing."""

    def __init__(self, images):
        self.images = images
        self.modalities = {"images": Image(*images.shape[1:])}

    def __len__(self):
        return len(self.images)

    def rows(self, indices, names=None):
        return {"images": self.images[indices]}


def batches_of(images):
    return ((images[i : i + 16],) for i in range(0, len(images), 16))


FEEDS = {
    "array": lambda images: images,
    "load": lambda images: data.load(images),
    "source": Own,
    "generator": batches_of,
    "PyDataset": Dataset,
    "tf.data": tf_data,
    "DataLoader": loader,
}
