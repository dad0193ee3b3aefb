"""The variants, one file each. Adding one is one line here."""

import importlib
from typing import Any

VARIANTS = {
    "GAN": "gan",
    "DCGAN": "dcgan",
    "ConditionalGAN": "conditional_gan",
    "LSGAN": "lsgan",
    "WGAN": "wgan",
    "WGANGP": "wgan_gp",
    "ACGAN": "acgan",
    "InfoGAN": "infogan",
    "SNGAN": "sngan",
    "SAGAN": "sagan",
    "BigGAN": "biggan",
    "R3GAN": "r3gan",
    "TransGAN": "transgan",
}


def list_variants() -> list[str]:
    """Returns the names of all variants."""
    return list(VARIANTS)


def __getattr__(name: str) -> Any:
    if name not in VARIANTS:
        raise AttributeError(f"There is no variant of the name {name!r}")
    module = importlib.import_module(f"keras_gans.models.{VARIANTS[name]}")
    return getattr(module, name)
