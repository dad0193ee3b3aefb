"""A GAN goes into a preset and comes out of it."""

import json

import h5py
import keras
import numpy as np
import pytest
from small_gans import same_images, small

import keras_gans
from keras_gans.files import sha256
from keras_gans.presets import load_preset, save_to_preset


@pytest.mark.parametrize("variant", ["GAN", "DCGAN"])
def test_round_trip_is_exact(variant, images, tmp_path):
    gan = small(variant, ema_decay=0.9)
    gan.compile()
    gan.fit(images, batch_size=16, verbose=0)
    save_to_preset(gan, tmp_path)
    loaded = load_preset(type(gan), tmp_path)
    assert same_images(gan, loaded)
    for one, other in zip(gan.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(
            keras.ops.convert_to_numpy(one), keras.ops.convert_to_numpy(other)
        )
    loaded.compile()
    loaded.fit(images, batch_size=16, verbose=0)  # fine-tuning


def test_methods_do_the_same(gan, tmp_path):
    gan.save_to_preset(tmp_path)
    assert same_images(gan, keras_gans.GAN.from_preset(tmp_path))


def test_a_loaded_preset_can_be_saved_without_compiling(preset, gan, tmp_path):
    loaded = load_preset(type(gan), preset)
    save_to_preset(loaded, tmp_path / "again")
    again = load_preset(type(gan), tmp_path / "again")
    assert same_images(again, gan)
    assert again.get_config() == loaded.get_config()


def test_float16_halves_the_file_and_changes_little(tmp_path):
    gan = small("DCGAN", ema_decay=0.9)
    save_to_preset(gan, tmp_path / "full")
    save_to_preset(gan, tmp_path / "half", dtype="float16")
    loaded = load_preset(type(gan), tmp_path / "half")
    assert {v.dtype for v in loaded.generator.weights} == {"float32"}
    error = np.abs(gan.generate(4, seed=0) - loaded.generate(4, seed=0)).max()
    assert 0 < error < 1 / 255  # half of a step of uint8
    with (
        h5py.File(tmp_path / "full" / "model.weights.h5") as full,
        h5py.File(tmp_path / "half" / "model.weights.h5") as half,
    ):
        kernel = "generator/layers/upsampling_conv2d/vars/0"
        norm = "generator/layers/batch_normalization/vars/3"
        assert (full[kernel].dtype, half[kernel].dtype) == ("f4", "f2")
        assert half[norm].dtype == "f4"


def test_float16_keeps_what_it_cannot_hold(tmp_path):
    gan = small()
    kernel = gan.generator.weights[0]
    kernel.assign(np.full(kernel.shape, 1e5))  # beyond 65504
    save_to_preset(gan, tmp_path, dtype="float16")
    loaded = load_preset(type(gan), tmp_path).generator.weights[0]
    assert (keras.ops.convert_to_numpy(loaded) == 1e5).all()


def test_the_folder_is_laid_out_as_kerashubs(preset, gan):
    config = json.loads((preset / "config.json").read_text())
    assert set(config) == {"module", "class_name", "config", "registered_name"}
    assert config["registered_name"] == "keras_gans>GAN"
    weights = (preset / "model.weights.h5").read_bytes()
    about = json.loads((preset / "metadata.json").read_text())
    assert about["keras_version"] == keras.__version__
    assert about["metadata"] == {"description": "A small one."}
    assert about["sha256"]["model.weights.h5"] == sha256(weights)
    # 4*20+20 + 20*20+20 + 20*256+256, and what the discriminator has
    assert about["generator_parameter_count"] == 5896
    assert about["parameter_count"] == 5896 + gan.discriminator.count_params()


def test_the_weights_are_keras_weights(preset, gan):
    fresh = small()
    fresh.load_weights(preset / "model.weights.h5")
    assert same_images(fresh, gan)


def test_own_networks_come_back(tmp_path):
    z = keras.Input((4,))
    x = keras.layers.Dense(16 * 16, "tanh")(z)
    own = keras.Model(z, keras.layers.Reshape((16, 16, 1))(x))
    gan = small(generator=own)
    save_to_preset(gan, tmp_path)
    assert same_images(gan, load_preset(type(gan), tmp_path))


def test_any_class_loads_as_the_base_class(preset, gan):
    loaded = load_preset(keras_gans.AdversarialModel, preset)
    assert type(loaded) is keras_gans.GAN and same_images(loaded, gan)


def test_overrides_replace_arguments(preset):
    loaded = load_preset(keras_gans.GAN, preset, dtype="mixed_bfloat16")
    assert loaded.dtype_policy.name == "mixed_bfloat16"


def test_another_class_gets_an_error_with_both_names(preset):
    with pytest.raises(ValueError, match=r"a GAN, not a DCGAN.*Received:"):
        load_preset(keras_gans.DCGAN, preset)


def test_an_override_that_the_weights_do_not_fit(preset):
    with pytest.raises(ValueError, match=r"fine_tune=True.*Received: .*99"):
        load_preset(keras_gans.GAN, preset, latent_dim=99)


def rewrite(preset, **changes):
    """Changes a preset's configuration, checksum included."""
    config = json.loads((preset / "config.json").read_text())
    text = json.dumps({**config, **changes}).encode()
    (preset / "config.json").write_bytes(text)
    about = json.loads((preset / "metadata.json").read_text())
    about["sha256"]["config.json"] = sha256(text)
    (preset / "metadata.json").write_text(json.dumps(about))


def test_an_unknown_class(preset):
    rewrite(preset, class_name="FooGAN", registered_name="keras_gans>FooGAN")
    with pytest.raises(ValueError, match=r"keras_gans>FooGAN.*Received:"):
        load_preset(keras_gans.AdversarialModel, preset)


def test_a_config_cannot_name_any_code_of_the_machine(preset):
    rewrite(preset, module="os", class_name="system", registered_name="system")
    with pytest.raises(ValueError, match=r"holds a system.*Received:"):
        load_preset(keras_gans.AdversarialModel, preset)


def test_an_unknown_layer_inside(preset, tmp_path):
    layer = {"module": "x", "class_name": "Gone", "registered_name": "x>Gone"}
    config = json.loads((preset / "config.json").read_text())["config"]
    rewrite(preset, config={**config, "generator": {**layer, "config": {}}})
    with pytest.raises(ValueError, match=r"(?s)Gone.*Received:"):
        load_preset(keras_gans.GAN, preset)


def test_an_unregistered_subclass_loads_itself(tmp_path):
    class MyGAN(keras_gans.GAN):
        pass

    gan = MyGAN(image_shape=(16, 16, 1), latent_dim=4, units=20)
    save_to_preset(gan, tmp_path)
    assert same_images(gan, load_preset(MyGAN, tmp_path))
    with pytest.raises(ValueError, match=r"holds a MyGAN.*register_keras"):
        load_preset(keras_gans.AdversarialModel, tmp_path)


def test_an_unknown_dtype_is_refused_before_anything_is_written(gan, tmp_path):
    with pytest.raises(ValueError, match="Received: 'int8'"):
        save_to_preset(gan, tmp_path / "preset", dtype="int8")
    assert not (tmp_path / "preset").exists()
