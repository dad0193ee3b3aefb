"""Whole photographs, files and folders of any size, through a trained GAN.

```python
from keras_gans import photographs

gan = keras_gans.ESRGAN.from_preset("esrgan_x4")
photographs.upscale(gan, "holiday/", "holiday_x4/")  # or gan.upscale(...)
```
"""

from keras_gans.photographs.receptive_field import (
    ReceptiveField,
    receptive_field,
)
from keras_gans.photographs.verbs import (
    inpaint,
    make_images,
    translate,
    upscale,
)
from keras_gans.photographs.work import PhotographsError, Report

__all__ = [
    "PhotographsError",
    "ReceptiveField",
    "Report",
    "inpaint",
    "make_images",
    "receptive_field",
    "translate",
    "upscale",
]
