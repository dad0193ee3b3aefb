"""Features of photographs, which perceptual losses compare."""

import contextlib
from collections.abc import Iterator

import keras
from keras import layers, ops

from keras_gans.files import sha256_of, sha256_of_weights
from keras_gans.pretrained import lpips_files, lpips_weights
from keras_gans.pretrained.lpips_networks import build_lpips

NETWORKS = ("vgg16", "vgg19", "squeeze")

SQUEEZE_CAFFE = (
    "17154246284f555591549ac2c83e127abfbf4307dc4b0060fdaa2931d0fa38da"
)
"""SqueezeNet 1.1 of Caffe, converted to Keras by rcmalli/keras-squeezenet."""

CONVOLUTIONS = {
    "vgg": "85317e4d45f3fc64fd21c84f3612b81e43925e18dd47eceb6e81b836cbc24fc0",
    "alex": "33b656909f449a1156da3913604d2c80869f7f0a4f66d944ace08f5f35c49342",
}
"""SHA-256 of the convolutions of torchvision's files, without their tops."""


def check_name(name: str) -> None:
    """Refuses an unknown network.

    Raises:
        ValueError: For a name that is not among `NETWORKS`.
    """
    if name not in NETWORKS:
        raise ValueError(
            f"`perceptual` must be one of {NETWORKS}, a Keras model from "
            f"images to features, or None. Received: perceptual={name!r}"
        )


def load_features(name: str, activated: bool = True) -> keras.Model:
    """Loads the features of a network that was trained on ImageNet.

    Args:
        name: "vgg16" of torchvision and "squeeze" (SqueezeNet 1.1), whose
            files are those of LPIPS: in the folder that the environment
            variable KERAS_GANS_LPIPS names, or at the path that it names, or
            else downloaded. Or "vgg19" of `keras.applications`, which Keras
            downloads.
        activated: Whether to take the last convolution's maps after their
            activation, as SRGAN does, or before it, as ESRGAN does; those of
            "squeeze" are always activated.

    Returns:
        A frozen model from images (N, H, W, 3) in [-1, 1] to maps, of float32
        whatever the dtype policy: conv5_3 of VGG16, conv5_4 of VGG19, or the
        last fire module of SqueezeNet.

    Raises:
        ValueError: For an unknown network, and for a file of other weights.
        FileNotFoundError: Where the file is missing.
        ConnectionError: Where it cannot be downloaded.
    """
    check_name(name)
    model = _vgg19(activated) if name == "vgg19" else _torch(name, activated)
    model.trainable = False
    return model


def _torch(name: str, activated: bool) -> keras.Model:
    backbone = "vgg" if name == "vgg16" else name
    published = lpips_files.BACKBONE_FILES[backbone]
    path = lpips_files.find(published, None)
    network = build_lpips(backbone)
    lpips_weights.load_backbone(network, path)
    features = network.get_layer("features")
    checksum = sha256_of_weights(features.get_weights())
    if not lpips_files.is_published(published, path) and (
        checksum != CONVOLUTIONS.get(backbone)
        and sha256_of(path) != SQUEEZE_CAFFE
    ):
        raise ValueError(
            f"The weights of {name!r} must be those of {published.name}. "
            f"Received: {path.name}, whose convolutions have the SHA-256 "
            f"{checksum}"
        )
    maps = features.outputs[-1]
    if name == "vgg16" and not activated:
        maps = features.get_layer("features_28").output
    return keras.Model(features.inputs, maps, name=name)


def _vgg19(activated: bool) -> keras.Model:
    with _float32():
        try:
            network = keras.applications.VGG19(
                include_top=False, weights="imagenet"
            )
        except Exception as error:  # Keras raises nothing narrower.
            raise ConnectionError(
                "The weights of VGG19 could not be downloaded. Where there is "
                'no connection choose `perceptual="vgg16"` and set '
                f"{lpips_files.VARIABLE} to its file, or `perceptual=None`. "
                f"Received: {error}"
            ) from error
        last = network.get_layer("block5_conv4")
        maps = last.output
        if not activated:
            config = {**last.get_config(), "activation": None}
            linear = layers.Conv2D.from_config(config)
            maps = linear(last.input)
            linear.set_weights(last.get_weights())
        features = keras.Model(network.inputs, maps)
        images = keras.Input((None, None, 3))
        # Caffe's VGG: BGR in [0, 255] minus the mean of ImageNet.
        bgr = ops.flip((images + 1.0) * 127.5, -1)
        centred = bgr - ops.array([103.939, 116.779, 123.68], "float32")
        return keras.Model(images, features(centred), name="vgg19")


@contextlib.contextmanager
def _float32() -> Iterator[None]:
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
