"""StyleGAN: Karras, Laine and Aila 2019, arXiv:1812.04948."""

import functools
from typing import Any

import keras

from keras_gans.modalities import Condition
from keras_gans.models.styles.growing import GrowingGAN
from keras_gans.models.styles.growth import Growth
from keras_gans.models.styles.mixing import (
    MixesStyles,
    check_mixing,
    taken_by_styles,
)
from keras_gans.networks.growing import judge_images, sizes_of
from keras_gans.networks.stylegan import build_generator, num_styles
from keras_gans.stabilizers import R1


@keras.saving.register_keras_serializable("keras_gans")
class StyleGAN(MixesStyles, GrowingGAN):
    """A style-based generator, Karras et al. 2019.

    A mapping network makes a style w of the latents. The synthesis network
    begins with a learned constant; after each of its convolutions noise is
    added, and adaptive instance normalisation scales and shifts the channels
    by linear functions of w (equation 1). Besides:

    - layers behind a random one get the style of other latents, for 90% of
      the images in training (section 3.1);
    - maps are smoothed where they are doubled and halved (section 2);
    - the loss is the non-saturating one with R1, gamma = 10 (section 2);
    - `generate(truncation=0.7)` moves styles towards their running mean,
      w' = mean + 0.7 (w - mean) (appendix B);
    - it grows from 8x8 pixels to full size, as `ProGAN` does from 4x4, or is
      trained at full size from the beginning.

    The noise of `generate` and of exports is fixed and saved with the
    networks; in training it is drawn for each image. Images are unbounded in
    training, and clipped to [-1, 1] by `generate`.

    Args:
        image_shape: (side, side, channels): a side that is a power of two,
            from 8 to 1024; any number of channels.
        num_classes: Number of classes; None for images without classes.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        style_dim: Dimensions of w; None for as many as the latents have.
        width: Channels of maps up to 32x32, which halve with every doubling
            after that; the paper has 512.
        mapping_layers: Layers of the mapping network.
        growth: The number of real images in each phase, or a list of (size,
            images of fading in, images after that) for each size from 8 on,
            as in `ProGAN`. None for networks that do not grow.
        r1_weight: The paper's gamma; 0 for no R1.
        mixing: Probability of style mixing, in [0, 1].
        ema_decay: Decay of the moving average of the generator's weights, in
            [0, 1), or None for no average.
        class_names: The names of the classes, in the order of their numbers;
            None to take those of the data in `fit`.
        condition: What the networks are told in place of a class: a
            `keras_gans.modalities.MultiLabel` or `Attributes`. None for
            `num_classes`.
        **kwargs: `stabilizers`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, a schedule of other sizes
            or one that does not reach full size, and a probability outside of
            [0, 1].
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        num_classes: int | None = None,
        latent_dim: int = 512,
        style_dim: int | None = None,
        width: int = 512,
        mapping_layers: int = 8,
        growth: Any = 600_000,
        r1_weight: float = 10.0,
        mixing: float = 0.9,
        ema_decay: float | None = 0.998,
        class_names: list[str] | None = None,
        condition: Condition | None = None,
        **kwargs: Any,
    ):
        check_mixing(mixing)
        takes = taken_by_styles(latent_dim, num_classes, class_names, condition)
        labels: Any = takes.get("labels")
        _, *sizes = sizes_of(image_shape)
        if growth is None:
            sizes = sizes[-1:]
        super().__init__(
            functools.partial(
                build_generator,
                image_shape,
                latent_dim,
                style_dim or latent_dim,
                width,
                mapping_layers,
                sizes,
                labels,
            ),
            functools.partial(
                judge_images,
                image_shape=image_shape,
                width=width,
                sizes=sizes,
                smooth=True,
                condition=labels,
            ),
            Growth(growth or 0, sizes),
            takes,
            "non_saturating",
            own_stabilizers=[*[R1(r1_weight)] * bool(r1_weight)],
            ema_decay=ema_decay,
            **kwargs,
        )
        self.mixing = mixing

    @property
    def grown(self) -> keras.Model:
        """The network that grows: the synthesis network."""
        return self.generator.get_layer("synthesis")

    def fakes_for(self, real: Any, given: dict[str, Any] | None = None) -> Any:
        """Makes fakes of mixed styles, as many as there are real rows."""
        styles = {"styles": self.styles_for(real, given or {})}
        return self.call_network(self.grown, styles, training=True)

    @property
    def styles_in_use(self) -> int:
        """The number of layers that get a style at the present size."""
        return num_styles(self.size)
