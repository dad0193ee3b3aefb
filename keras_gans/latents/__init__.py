"""Tools for the latent spaces of trained generators.

Walks work for every generator from latents, `between` for those that are told
in words; the others need styles, as
`StyleGAN` and `StyleGAN2` have: a mapping network makes w of latents z, and
each layer of the synthesis takes a w.
"""

from keras_gans.latents.directions import boundary, edit, ganspace, sefa
from keras_gans.latents.mixing import mix, truncation_sweep
from keras_gans.latents.photographs import read_targets
from keras_gans.latents.projection import Projection, project
from keras_gans.latents.sentences import between
from keras_gans.latents.styles import from_styles, mean_style, to_styles
from keras_gans.latents.walking import save_walk, walk

__all__ = [
    "Projection",
    "between",
    "boundary",
    "edit",
    "from_styles",
    "ganspace",
    "mean_style",
    "mix",
    "project",
    "read_targets",
    "save_walk",
    "sefa",
    "to_styles",
    "truncation_sweep",
    "walk",
]
