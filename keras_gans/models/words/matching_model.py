"""The matching model of AttnGAN: Xu et al. 2018, arXiv:1711.10485."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans import distribution, losses
from keras_gans.arguments import checked
from keras_gans.engine.building import building
from keras_gans.modalities import Image, Text
from keras_gans.models.words.meanings import (
    default_prompts,
    group_numbers,
    groups_of,
)
from keras_gans.networks.text.encoders import outputs_of, text_encoder_for
from keras_gans.networks.text.image_encoder import build_image_encoder


@keras.saving.register_keras_serializable("keras_gans")
class MatchingModel(keras.Model):
    """Learns which images and sentences belong together, from scratch.

    It is AttnGAN's "deep attentional multimodal similarity model" (section
    3.2), with a small convolutional image encoder in place of Inception. Its
    loss is that of words and regions and that of sentences and whole images
    (equations 7 to 13). Its text encoder is for `GANCLS` and `DFGAN`, where it
    stays as it is; and it measures R-precision.

    ```python
    matching = keras_gans.MatchingModel((64, 64, 3), prompts)
    matching.compile()
    matching.fit(images, captions, epochs=20)
    gan = keras_gans.DFGAN(
        (64, 64, 3), prompts, text_encoder=matching.text_encoder
    )
    ```

    Args:
        image_shape: As in `DCGAN`.
        prompts: The modality of the sentences, a `keras_gans.modalities.Text`;
            None for one of eleven colour words.
        text_encoder: "gru", "transformer", or your own Keras model from ids
            (N, L) to words (N, L, D), sentence (N, D) and mask (N, L), which
            is copied.
        text_dim: Dimensions D of the features.
        width: Channels of the image encoder's first block.
        gammas: The paper's gamma_1, gamma_2 and gamma_3.
        synonyms: Groups of sentences that mean the same, lists of strings.
            They are not wrong for each other; nor are equal sentences.
        seed: Seed of the weights; None draws one.
        **kwargs: As in `keras.Model`.

    Raises:
        ValueError: For an unsupported image shape or text encoder.
    """

    @checked
    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        prompts: Text | None = None,
        text_encoder: Any = "gru",
        text_dim: int = 256,
        width: int = 64,
        gammas: Sequence[float] = (4.0, 5.0, 10.0),
        synonyms: Sequence[Sequence[str]] | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        prompts = prompts or default_prompts()
        self.modalities = {"images": Image(*image_shape), "prompts": prompts}
        self.gammas = tuple(gammas)
        self._groups = group_numbers(prompts, synonyms)
        self._config = {
            "image_shape": list(image_shape),
            "prompts": prompts,
            "text_encoder": text_encoder,
            "text_dim": text_dim,
            "width": width,
            "gammas": list(gammas),
            "synonyms": synonyms,
            "seed": seed,
        }
        with building(seed, self.dtype_policy):
            self.text_encoder = text_encoder_for(
                text_encoder, prompts, text_dim
            )
            dim = outputs_of(self.text_encoder)["sentence"].shape[-1]
            self.image_encoder = build_image_encoder(image_shape, dim, width)
        names = ("word_loss", "sentence_loss")
        self._means = {name: keras.metrics.Mean(name=name) for name in names}
        self.built = True

    def compile(
        self, optimizer: Any = None, jit_compile: Any = None, **kwargs: Any
    ) -> None:
        """Sets the optimizer; None for Adam with the authors' rate.

        Args:
            optimizer: A Keras optimizer.
            jit_compile: As in Keras; None for XLA on JAX alone, which is slow
                at convolutions on TensorFlow's CPU.
            **kwargs: As in `keras.Model`.
        """
        optimizer = optimizer or keras.optimizers.Adam(2e-3, 0.5)
        if jit_compile is None:
            jit_compile = keras.backend.backend() == "jax"
        super().compile(optimizer, jit_compile=jit_compile, **kwargs)

    def get_compile_config(self) -> dict[str, Any] | None:
        """Returns the optimizer, to be saved; None before `compile`."""
        if not self.compiled:
            return None
        optimizer = keras.saving.serialize_keras_object(self.optimizer)
        return {"optimizer": optimizer}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles as `get_compile_config` says."""
        self.compile(**keras.saving.deserialize_keras_object(config))
        self.optimizer.build(self.trainable_variables)

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        """Returns the features of images and of sentences.

        Args:
            inputs: `images` and `prompts`, as they are carried.
            training: As in Keras.

        Returns:
            `regions` (N, R, D), `image` (N, D), `words` (N, L, D), `sentence`
            (N, D) and `mask` (N, L).
        """
        images = self.modalities["images"].to_device(inputs["images"])
        prompts = self.modalities["prompts"].to_device(inputs["prompts"])
        read = self.text_encoder(prompts, training=training)
        seen = self.image_encoder(images, training=training)
        return {**seen, **outputs_of(self.text_encoder, read)}

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Returns the loss of a batch: of words, and of sentences.

        Args:
            x: `images` and `prompts`.
            y: None.
            y_pred: What `call` returned.
            sample_weight: None.
            training: As in Keras.
        """
        gamma1, gamma2, gamma3 = self.gammas
        groups = groups_of(x["prompts"], self._groups)
        same = losses.same_meaning(x["prompts"], groups)
        words = losses.word_scores(
            y_pred["regions"], y_pred["words"], y_pred["mask"], gamma1, gamma2
        )
        sentences = losses.sentence_scores(y_pred["image"], y_pred["sentence"])
        parts = {
            "word_loss": losses.batch_matching_loss(gamma3 * words, same),
            "sentence_loss": losses.batch_matching_loss(
                gamma3 * sentences, same
            ),
        }
        for name, value in parts.items():
            self._means[name].update_state(value)
        return sum(parts.values())

    @property
    def metrics(self) -> list[Any]:
        """The means of the loss and of its parts."""
        return [*super().metrics, *self._means.values()]

    def fit(
        self,
        images: Any,
        prompts: Any,
        batch_size: int = 32,
        validation_data: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Trains on images and their sentences.

        Args:
            images: (N, H, W, C), uint8 or float in [-1, 1].
            prompts: N sentences, or ids (N, L).
            batch_size: Rows in a batch, which the wrong sentences are of.
            validation_data: Others, (images, prompts); None for none.
            **kwargs: As in `keras.Model.fit`: `epochs` and so on.

        Returns:
            Keras's `History`.

        Raises:
            ValueError: For images or sentences that do not fit.
        """
        if validation_data is not None:
            kwargs["validation_data"] = (self._checked(*validation_data),)
        rows = self._checked(images, prompts)
        return super().fit(rows, batch_size=batch_size, **kwargs)

    def _checked(self, images: Any, prompts: Any) -> dict[str, np.ndarray]:
        given = {"images": images, "prompts": prompts}
        rows = {n: self.modalities[n].check(v, n) for n, v in given.items()}
        if len(rows["images"]) != len(rows["prompts"]):
            raise ValueError(
                "There must be a sentence for each image. Received: "
                f"{len(rows['images'])} images, {len(rows['prompts'])} prompts"
            )
        return rows

    def scores(
        self, images: Any, prompts: Any, batch_size: int = 256
    ) -> np.ndarray:
        """Returns how well each image and each sentence match.

        Args:
            images: (N, H, W, C), uint8 or float in [-1, 1].
            prompts: M sentences, or ids (M, L).
            batch_size: Rows at a time.

        Returns:
            float32 (N, M): cosines, in [-1, 1].
        """
        kinds = self.modalities
        images = kinds["images"].to_device(kinds["images"].check(images))
        prompts = kinds["prompts"].check(prompts)
        seen = distribution.predict(
            self.image_encoder, keras.ops.convert_to_numpy(images), batch_size
        )["image"]
        read = distribution.predict(self.text_encoder, prompts, batch_size)
        sentences = outputs_of(self.text_encoder, read)["sentence"]
        scores = losses.sentence_scores(
            *map(keras.ops.convert_to_tensor, (seen, sentences))
        )
        return keras.ops.convert_to_numpy(scores).astype("float32")

    def get_config(self) -> dict[str, Any]:
        """Returns every argument of the constructor, by its name."""
        own = {"name": self.name, "dtype": self.dtype_policy.name}
        return {**self._config, **own}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects=None) -> Any:
        """Builds a model from what `get_config` returned."""
        revived = {
            name: keras.saving.deserialize_keras_object(value, custom_objects)
            if isinstance(value, dict)
            else value
            for name, value in config.items()
        }
        return cls(**revived)
