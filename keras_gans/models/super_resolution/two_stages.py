"""What SRGAN and ESRGAN share: pixels first, then an adversary."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import keras
from keras import ops

from keras_gans import data
from keras_gans.engine.building import Builder
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.metrics.pairs.scores import scores_at_hand
from keras_gans.modalities import Image, Modality
from keras_gans.pretrained.perceptual import check_name, load_features

PIXELS, ADVERSARIAL = "pixels", "adversarial"


class SuperResolutionGAN(TwoPlayerGAN):
    """Enlarges images; trained on pixels first, and then adversarially.

    The generator takes images of any height and width. `scale` and
    `receptive_field` say how it enlarges them and how far a pixel sees.

    For the first `pixel_steps` steps the generator minimises the distance of
    pixels from the large image. After that it minimises the distance of a
    network's features, an adversarial loss and the distance of pixels, each
    with a weight.

    Args:
        generator: A Keras model, or a function that builds it, from small
            images to large ones.
        discriminator: The same, from large images to logits.
        image_shape: (height, width, channels) of the large images in
            training.
        scale: How many times larger they are than the small ones.
        loss: A name of `keras_gans.losses.LOSSES`, or a pair of functions.
        perceptual: The network whose features are compared: a name that
            `load_features` knows, a Keras model from images in [-1, 1], or
            None to compare pixels in its place.
        activated: Whether named features are taken after their activation.
        content_weight: Weight of the distance of features.
        adversarial_weight: Weight of the adversarial loss.
        pixel_weight: Weight of the distance of pixels in the second stage.
        pixel_steps: Steps of the first stage; None for none.
        receptive_field: Side in pixels of the part of the inputs that a pixel
            depends on; None where it is not known.
        **kwargs: As in `TwoPlayerGAN`.

    Raises:
        ValueError: For images that are no multiple of the scale, for an
            unknown network, and for images of other than 1 or 3 channels
            where a named network compares.
    """

    logged = (*TwoPlayerGAN.logged, "pixels", "content")
    reader = staticmethod(data.degraded)

    distance: Callable[[Any], Any]
    """From differences to their distance: `ops.square` or `ops.abs`."""

    def __init__(
        self,
        generator: Builder,
        discriminator: Builder,
        image_shape: tuple[int, int, int],
        scale: int,
        loss: Any,
        *,
        perceptual: Any,
        activated: bool,
        content_weight: float,
        adversarial_weight: float,
        pixel_weight: float,
        pixel_steps: int | None,
        receptive_field: int | None,
        **kwargs: Any,
    ):
        height, width, channels = image_shape
        if height % scale or width % scale:
            raise ValueError(
                "Height and width must be multiples of the scale. Received: "
                f"image_shape={image_shape}, scale={scale}"
            )
        helpers: dict[str, Builder] = {}
        if isinstance(perceptual, keras.Model):
            helpers["perceptual"] = perceptual
        elif perceptual is not None:
            check_name(perceptual)
            if channels not in (1, 3):
                raise ValueError(
                    "A named perceptual network sees images of 1 or 3 "
                    "channels; for others choose `perceptual=None` or a model "
                    f"of your own. Received: {channels} channels"
                )
            helpers["perceptual"] = functools.partial(
                load_features, perceptual, activated
            )
        small = (height // scale, width // scale, channels)
        super().__init__(
            generator,
            discriminator,
            {"inputs": Image(*small, any_size=True)},
            loss,
            makes={"images": Image(*image_shape)},
            helpers=helpers,
            **kwargs,
        )
        self.scale = scale
        self.perceptual = perceptual
        self.content_weight = content_weight
        self.adversarial_weight = adversarial_weight
        self.pixel_weight = pixel_weight
        self.pixel_steps = pixel_steps or 0
        self.receptive_field = receptive_field

    @classmethod
    def arguments_from(cls, data: Mapping[str, Modality]) -> dict[str, Any]:
        """Returns the shape of the large images, and the scale."""
        if not {"inputs", "images"} <= set(data):
            return {}
        large, small = data["images"].shape, data["inputs"].shape
        return {"image_shape": large, "scale": large[0] // small[0]}

    @property
    def sees(self) -> tuple[str, ...]:
        """What the discriminator sees: the large image alone."""
        return tuple(self.makes)

    @property
    def scores(self) -> Mapping[str, Callable]:
        """L1, PSNR and SSIM, and LPIPS where its files are at hand."""
        return scores_at_hand(self.image_shape)

    def stage(self, step: int) -> str:
        """Returns "pixels" for the first `pixel_steps`, then "adversarial"."""
        return PIXELS if step < self.pixel_steps else ADVERSARIAL

    def train_step(self, data: Any) -> dict[str, Any]:
        """Takes a step of G alone, or one of D and one of G on its fakes."""
        real, given = self.unpack(data)
        if self.current_stage == PIXELS:
            self.minimize(self.pixel_loss, self.generator, real, given)
            return self.get_metrics_result()
        for _ in range(self.critic_steps - 1):
            self.train_discriminator(real, self.fakes_for(real, given), given)
        self.minimize_on_shared_fakes(
            make=lambda: self.fakes_for(real, given),
            train_judge=lambda f: self.train_discriminator(real, f, given),
            loss_fn=lambda fake: self.verdict_on(real, fake, given),
            player=self.generator,
        )
        return self.get_metrics_result()

    def pixel_loss(self, real: Any, given: dict[str, Any]) -> Any:
        """Returns the distance of pixels, the loss of the first stage."""
        return self.pixel_distance(real, self.fakes_for(real, given))

    def pixel_distance(self, real: Any, fake: Any) -> Any:
        """Returns the mean distance of pixels in [-1, 1]."""
        value = ops.mean(self.distance(real - fake))
        self.log("pixels", value)
        return value

    def content_loss(self, real: Any, fake: Any) -> Any:
        """Returns the mean distance of features, with its weight.

        Without a network it is the mean distance of pixels.
        """
        if self.perceptual is None:
            return ops.mean(self.distance(real - fake))
        network = self.helper("perceptual")
        features = [network(self._seen(x)) for x in (real, fake)]
        value = ops.mean(self.distance(features[0] - features[1]))
        self.log("content", value)
        return self.content_weight * value

    def _seen(self, images: Any) -> Any:
        is_named = isinstance(self.perceptual, str)
        if is_named and images.shape[-1] == 1:
            return ops.repeat(images, 3, axis=-1)
        return images

    def verdict_on(self, real: Any, fake: Any, given: dict[str, Any]) -> Any:
        """Returns G's loss of the second stage."""
        return (
            self.content_loss(real, fake)
            + self.adversarial_weight * super().verdict_on(real, fake, given)
            + self.pixel_weight * self.pixel_distance(real, fake)
        )

    def interpolate(self, other: "SuperResolutionGAN", alpha: float) -> None:
        """Moves the generator's weights towards those of another GAN.

        Network interpolation, Wang et al. 2018, equation 16: between one that
        was trained on pixels alone and one that was trained adversarially
        from it lie those that sharpen less and invent less,
        `(1 - alpha) * other + alpha * self`.

        Args:
            other: A GAN of the same generator, for instance the run's state
                at the end of its first stage.
            alpha: 1 keeps this generator, 0 takes the other one, in [0, 1].

        Raises:
            ValueError: For a generator of other weights, and for `alpha`
                outside of [0, 1].
        """
        ours, theirs = self.inference_generator, other.inference_generator
        own, others = (n.get_weights() for n in (ours, theirs))
        if [w.shape for w in own] != [w.shape for w in others]:
            raise ValueError(
                "Networks can be interpolated whose weights have the same "
                f"shapes. Received: {len(own)} and {len(others)} weights, "
                "which differ"
            )
        if not 0 <= alpha <= 1:
            raise ValueError(
                f"`alpha` must be in [0, 1]. Received: alpha={alpha}"
            )
        between = [
            (1 - alpha) * b + alpha * a
            for a, b in zip(own, others, strict=True)
        ]
        for network in {id(n): n for n in (ours, self.generator)}.values():
            network.set_weights(between)
