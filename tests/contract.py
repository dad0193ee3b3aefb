"""What every variant promises, whatever its paper."""

import inspect
from pathlib import Path

import keras
import numpy as np
from own_variants import VARIANTS as OWN
from own_variants.worded import WORDS

import keras_gans
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Text, Vocabulary

# Arguments that make a variant tiny, used where its constructor has them.
TINY = {
    "image_shape": (16, 16, 1),
    "input_shape": (16, 16, 1),
    "receptive_field": 16,
    "latent_dim": 4,
    "width": 4,
    "units": 24,
    "num_classes": 3,
    "blocks": 1,
    "depths": (1, 1, 1),
    "critic_depth": 1,
    "growth": 4,
    "perceptual": None,
    "discriminator_width": 4,
    "pixel_steps": 2,
    "critic_width": 4,
    "prompts": Text(
        Vocabulary(["red", "blue", "hair", "eyes"]),
        length=2,
        examples=["red hair", "blue eyes"],
    ),
    "text_dim": 4,
    "text_width": 4,
}

# What a variant needs beside it, or in its place.
TINY_OF = {
    # Its attention, of larger images, has tests of its own.
    "GatedInpainting": {"attention": False, "dilations": (2,)},
    # Its graphs, with derivatives of derivatives, take long to compile.
    "StyleGAN2": {"image_shape": (8, 8, 1), "mapping_layers": 2},
    "DFGAN": {"image_shape": (8, 8, 1), "train_text": False},
    "Worded": {"prompts": WORDS},  # which tests of words know
    # Steps of 16 images: 0 and 1 at 8x8, the others at 16x16; both fade in.
    "ProGAN": {"growth": [(4, 0, 0), (8, 32, 0), (16, 32, 0)]},
    "StyleGAN": {"mapping_layers": 2, "growth": [(8, 0, 0), (16, 64, 0)]},
}

# What is quicker for a step or two; JAX then compiles every operation alone.
EAGER = keras.backend.backend() != "jax"

ALL = [*keras_gans.list_variants(), *OWN]


def class_of(variant: str) -> type[AdversarialModel]:
    """Returns a variant's class, the package's or the tests' own."""
    return OWN.get(variant) or getattr(keras_gans, variant)


def tiny_arguments(variant: str) -> dict:
    """Returns the constructor's arguments that make a variant tiny."""
    names = inspect.signature(class_of(variant).__init__).parameters
    chosen = {**TINY, **TINY_OF.get(variant, {})}
    small = {n: v for n, v in chosen.items() if n in names}
    # Each is compiled, and the same for all variants: one has two of them.
    if "critic_steps" in names:
        small["critic_steps"] = 2 if variant == "WGANGP" else 1
    return small


def tiny(variant: str, run_eagerly: bool = False, **kwargs) -> AdversarialModel:
    """Returns a small, compiled model of the variant."""
    small = tiny_arguments(variant)
    gan = class_of(variant)(**{**small, "seed": 1, **kwargs})
    gan.compile(run_eagerly=run_eagerly)
    return gan


def share_steps(gan: AdversarialModel, other: AdversarialModel) -> None:
    """Gives a model the compiled steps of an equal one: on JAX, no state."""
    if not gan.steps_differ:
        gan.train_function = other.train_function
        return
    # Which kind a step is of, each model says of its own steps.
    gan.make_train_function()
    compiled_kinds(gan).update(compiled_kinds(other))


def compiled_kinds(gan: AdversarialModel) -> dict:
    """Returns the compiled steps of a model whose steps differ, by kind."""
    return inspect.getclosurevars(gan.train_function).nonlocals["by_kind"]


def rows_for(gan: AdversarialModel, num: int = 48, seed: int = 0) -> dict:
    """Returns random rows to train a model on, as files would hold them."""
    rng = np.random.default_rng(seed)
    return {
        name: modality.carry(modality.noise(num, rng))
        for name, modality in gan.learns_from.items()
    }


def with_labels(gan: AdversarialModel, images: np.ndarray) -> tuple:
    """Returns what `fit` takes: images, and labels where they are needed."""
    if "labels" not in gan.learns_from:
        return (images,)
    return images, np.arange(len(images)) % gan.num_classes


def given_for(gan: AdversarialModel, num: int) -> dict:
    """Returns what the generator takes and cannot draw."""
    rng = np.random.default_rng(7)
    return {
        name: modality.noise(num, rng)
        for name, modality in gan.takes.items()
        if not modality.is_drawn
    }


def generate(gan: AdversarialModel, num: int = 4) -> np.ndarray:
    """Returns what the model makes of seed 0, side by side in one array."""
    made = gan.generate(num, seed=0, **given_for(gan, num))
    return (
        np.concatenate([*made.values()], -1) if isinstance(made, dict) else made
    )


def write_rows(gan: AdversarialModel, rows: dict, folder: Path) -> None:
    """Writes rows as the folders that the variant's reader takes.

    A folder for each class, or for each name where there are several; words
    are a file of captions.
    """
    told = gan.told_by
    if told in rows:
        names = [f"{i:03d}.png" for i in range(len(rows[told]))]
        said = [gan.takes[told].name_of(ids) for ids in rows[told]]
        lines = map(",".join, zip(names, said, strict=True))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "captions.csv").write_text(
            "\n".join(["file,caption", *lines])
        )
    values = {n: v for n, v in rows.items() if n not in ("labels", told)}
    for name, column in values.items():
        modality = gan.learns_from[name]
        for i, value in enumerate(column):
            where = folder if len(values) == 1 else folder / name
            if "labels" in rows:
                where = where / f"class_{rows['labels'][i]}"
            where.mkdir(parents=True, exist_ok=True)
            modality.write(where / f"{i:03d}{modality.suffix}", value)


def state(gan: AdversarialModel) -> list[np.ndarray]:
    """Returns all that decides what the model does next."""
    state = [*gan.variables, *gan.optimizer.variables]
    return [np.copy(keras.ops.convert_to_numpy(v)) for v in state]


def assert_same_state(one: AdversarialModel, other: AdversarialModel) -> None:
    """Holds two models against each other, bit for bit."""
    for a, b in zip(state(one), state(other), strict=True):
        np.testing.assert_array_equal(a, b)
