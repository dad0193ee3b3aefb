import pytest

import keras_gans


def test_load_needs_no_class(tmp_path):
    gan = keras_gans.GAN((4, 4, 1), latent_dim=2, units=6, seed=1)
    gan.save_to_preset(tmp_path / "preset")
    loaded = keras_gans.load(tmp_path / "preset", ema_decay=None)
    assert type(loaded) is keras_gans.GAN
    assert loaded.image_shape == (4, 4, 1)
    tuned = keras_gans.load(tmp_path / "preset", fine_tune=True, units=12)
    assert tuned.fine_tuning.anew
    with pytest.raises(ValueError, match="Received"):
        keras_gans.load("no_such_preset")


def test_all_that_is_public_is_reachable():
    for name in keras_gans.__all__:
        assert getattr(keras_gans, name) is not None
