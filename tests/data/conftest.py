import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def photos(tmp_path):
    """Twelve noisy colour PNGs of several sizes in two class folders."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "photos"
    for i in range(12):
        path = folder / ("cats", "dogs")[i % 2] / f"{i:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        noise = rng.integers(0, 256, (20 + i, 30 - i, 3), "uint8")
        Image.fromarray(noise).save(path)
    return folder
