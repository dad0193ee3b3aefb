"""StyleGAN2: Karras et al. 2020, arXiv:1912.04958."""

import functools
from typing import Any

import keras

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Condition
from keras_gans.models.styles.mixing import (
    MixesStyles,
    check_mixing,
    taken_by_styles,
)
from keras_gans.networks.stylegan2 import (
    build_discriminator,
    build_generator,
    channels_of,
)
from keras_gans.stabilizers import R1, PathLength


@keras.saving.register_keras_serializable("keras_gans")
class StyleGAN2(MixesStyles, TwoPlayerGAN):
    """StyleGAN2, Karras et al. 2020, with the conditions of 2020b.

    A mapping network makes a style w of the latents. The synthesis network
    begins with a learned constant, and each of its convolutions is modulated
    by w: input channels are scaled by the style, and output channels are
    divided by what that makes of their standard deviation (equation 3). Noise
    is added after each convolution. The loss is the non-saturating one, with

    - R1 of the discriminator, every 16 steps (`stabilizers.R1`);
    - path length regularisation of the generator, every 4 steps
      (`stabilizers.PathLength`, equation 4);
    - style mixing: layers behind a random one get the style of other latents;
    - a moving average of the generator's weights, and one of w, towards which
      `generate(truncation=0.7)` moves the styles.

    Lazy terms are added to the loss of their step k times as large, where
    the authors take a step of its own for them. Adam's constants are those of
    Karras et al. 2020, appendix B, all the same: with c = k / (k + 1) the rate
    is c * 0.002 and beta2 is 0.99^c. R1 is of the images that D sees, after
    ADA, where the authors' is of those before. For few images add
    `stabilizers=[keras_gans.stabilizers.ADA()]`.

    Images are unbounded in training, and clipped to [-1, 1] by `generate`.

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        num_classes: Number of classes; None for images without classes.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        style_dim: Dimensions of w; None for as many as the latents have.
        width: The most channels that maps have.
        channel_base: Channels of the first maps times four; they halve with
            each doubling, and are at most `width`. Karras et al. 2020 have
            32768 (their configuration F) and 16384 (E).
        mapping_layers: Layers of the mapping network.
        discriminator_mapping_layers: Layers of the discriminator's mapping of
            the condition; None for as many.
        r1_weight: Weight of R1; None for 0.0002 * height * width / 32, the
            rule of Karras et al. 2020b for batches of 32. 0 for no R1.
        path_weight: Weight of the path length's term; 0 for none.
        mixing: Probability of style mixing, in [0, 1].
        ema_decay: Decay of the moving average of the generator's weights, in
            [0, 1), or None for no average. Karras et al. 2020 halve it in
            10,000 images.
        class_names: The names of the classes, in the order of their numbers;
            None to take those of the data in `fit`.
        generator: Your own generator, from latents, labels where there are
            classes, and the truncation (N,), to images. Its layers must be
            named as those of `networks.stylegan2.build_generator`: "mapping",
            "mean_style", "repeated" and "synthesis".
        discriminator: Your own discriminator, from images, and labels where
            there are classes, to logits.
        condition: What the networks are told in place of a class: a
            `keras_gans.modalities.MultiLabel` or `Attributes`. None for
            `num_classes`.
        **kwargs: `stabilizers`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, a probability outside of
            [0, 1], and a generator without the layers above.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        num_classes: int | None = None,
        latent_dim: int = 512,
        style_dim: int | None = None,
        width: int = 512,
        channel_base: int = 16384,
        mapping_layers: int = 8,
        discriminator_mapping_layers: int | None = None,
        r1_weight: float | None = None,
        path_weight: float = 2.0,
        mixing: float = 0.9,
        ema_decay: float | None = 0.998,
        class_names: list[str] | None = None,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        condition: Condition | None = None,
        **kwargs: Any,
    ):
        check_mixing(mixing)
        takes = taken_by_styles(latent_dim, num_classes, class_names, condition)
        labels: Any = takes.get("labels")
        channels = channels_of(image_shape, channel_base, width)
        if r1_weight is None:
            r1_weight = 0.0002 * image_shape[0] * image_shape[1] / 32
        super().__init__(
            generator
            or functools.partial(
                build_generator,
                image_shape,
                latent_dim,
                style_dim or latent_dim,
                channels,
                mapping_layers,
                labels,
            ),
            discriminator
            or functools.partial(
                build_discriminator,
                image_shape,
                channels,
                discriminator_mapping_layers or mapping_layers,
                labels,
            ),
            takes,
            "non_saturating",
            own_stabilizers=[
                *[R1(r1_weight, 16)] * bool(r1_weight),
                *[PathLength(path_weight, 4)] * bool(path_weight),
            ],
            ema_decay=ema_decay,
            **kwargs,
        )
        check_parts(self.generator)
        self.mixing = mixing

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Adam with the constants of lazy regularisation (appendix B)."""
        periods = {type(s): s.every for s in self.stabilizers}
        return {
            "generator": lazy_adam(periods.get(PathLength, 1)),
            "discriminator": lazy_adam(periods.get(R1, 1)),
        }

    def generator_loss(self, real: Any, given: dict[str, Any]) -> Any:
        """Returns the non-saturating loss and the path length's term."""
        styles = self.styles_for(real, given)
        loss = self.verdict_on(real, self.synthesize(styles), given)
        for stabilizer in self.stabilizers:
            if isinstance(stabilizer, PathLength):
                loss += stabilizer.term_of(self, styles)
        return loss

    def fakes_for(self, real: Any, given: dict[str, Any] | None = None) -> Any:
        """Makes fakes of mixed styles, as many as there are real rows."""
        return self.synthesize(self.styles_for(real, given or {}))

    def synthesize(self, styles: Any) -> Any:
        """Makes images of styles (N, layers, style_dim), in training."""
        return self.generator.get_layer("synthesis")(styles, training=True)


def lazy_adam(every: int) -> keras.optimizers.Optimizer:
    """Returns Adam for a player with a term in every k-th step.

    Karras et al. 2020, appendix B: with c = k / (k + 1) the rate is
    c * 0.002, beta1 0^c and beta2 0.99^c; for a term in each step they are as
    they are.
    """
    c = every / (every + 1) if every > 1 else 1.0
    return keras.optimizers.Adam(c * 2e-3, 0.0, 0.99**c, epsilon=1e-8)


def check_parts(generator: keras.Model) -> None:
    """Raises a ValueError for a generator without the layers of a style."""
    names = [layer.name for layer in generator.layers]
    for part in ("mapping", "mean_style", "repeated", "synthesis"):
        if part not in names:
            raise ValueError(
                f"The generator must have a layer named {part!r}. "
                f"Received: {generator.name!r} of {names}"
            )
