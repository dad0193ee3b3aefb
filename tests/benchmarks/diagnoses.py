"""What `Diagnostics` says of broken runs, and of healthy ones.

python tests/benchmarks/diagnoses.py [RUN ...] [--out diagnoses.jsonl]

Trains each run for about a minute on one thread, but those that the results
file holds, and prints a table. `--print` trains none. Runs of photographs need
their folders: --faces, --flowers, --maps (pairs side by side) and --anime (with
a file of captions). `--cost EPOCHS` measures what the callback takes.
"""

import argparse
import dataclasses
import functools
import json
import os
import pathlib
import statistics
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras.optimizers import SGD, Adam, RMSprop

import keras_gans
from keras_gans import data
from keras_gans.callbacks import Diagnostics
from keras_gans.callbacks.game import game_of
from keras_gans.diagnostics import Game, find
from keras_gans.schedules import CosineAdam
from keras_gans.stabilizers import ADA, DiffAugment

GREY = (28, 28, 1)
FAST = {"seed": 0}
FOLDERS = ("faces", "flowers", "maps", "anime")


def clothes(num=1920, held_out=256):
    images = data.load("fashion_mnist_10k")
    return images[:num], images[10_000 - held_out :]


def classes(num=1920, held_out=256):
    source = data.load("fashion_mnist_10k")
    rows = {"images": source.images, "labels": source.labels}
    cut = slice(num), slice(10_000 - held_out, None)
    return tuple({n: v[part] for n, v in rows.items()} for part in cut)


def compiled(gan, **optimizers):
    gan.compile(
        **{f"{player}_optimizer": o for player, o in optimizers.items()}
    )
    return gan


def dcgan(g=None, d=None, **arguments):
    arguments = {"width": 16, "latent_dim": 64, "seed": 0, **arguments}
    gan = keras_gans.DCGAN(GREY, **arguments)
    chosen = {"generator": g, "discriminator": d}
    return compiled(gan, **{n: o for n, o in chosen.items() if o is not None})


def critic(width, depth=1):
    inputs = x = keras.Input(GREY)
    for _ in range(depth):
        x = keras.layers.Conv2D(width, 5, 2, "same")(x)
        x = keras.layers.LeakyReLU(0.2)(x)
    x = keras.layers.Dense(1)(keras.layers.Flatten()(x))
    return keras.Model(inputs, x)


def dense_generator(bias=0.0, width=256):
    inputs = x = keras.Input((64,))
    for _ in range(2):
        x = keras.layers.Dense(
            width,
            "relu",
            bias_initializer=keras.initializers.Constant(bias),
        )(x)
    x = keras.layers.Dense(784, "tanh")(x)
    return keras.Model(inputs, keras.layers.Reshape(GREY)(x))


def faces(side, num, held_out=128):
    def read():
        rows = data.load(str(ARGS.faces), image_size=side)
        return rows[:num], rows[num : num + held_out]

    return read


def pairs(make):
    return lambda: (
        data.pairs(str(ARGS.faces), image_size=32, make=make),
        None,
    )


@functools.cache
def anime():
    return data.captioned(str(ARGS.anime), 32, captions="tags.csv")


def maps():
    pairs = data.pairs(str(ARGS.maps), image_size=32)
    rows = pairs.rows(np.arange(240))
    return {"images_a": rows["inputs"], "images_b": rows["images"]}, None


BROKEN = {
    "generator's rate x 100": (
        "a generator that wins",
        lambda: dcgan(g=Adam(2e-2, 0.5)),
        clothes,
        10,
    ),
    "discriminator's rate x 100": (
        "a discriminator that wins",
        lambda: dcgan(d=Adam(2e-2, 0.5)),
        clothes,
        10,
    ),
    "discriminator's rate / 1000": (
        "rates far apart",
        lambda: dcgan(d=Adam(2e-7, 0.5)),
        clothes,
        4,
    ),
    "minimax, five steps of a large critic": (
        "a discriminator that wins",
        lambda: dcgan(
            generator=dense_generator(),
            loss="minimax",
            critic_steps=5,
        ),
        clothes,
        5,
    ),
    "a discriminator of two filters": (
        "a generator that wins",
        lambda: dcgan(discriminator=critic(2)),
        clothes,
        8,
    ),
    "no norm, SGD(10)": (
        "not finite",
        lambda: dcgan(
            g=SGD(10.0),
            d=SGD(10.0),
            generator=dense_generator(),
            discriminator=critic(16, 2),
            loss="least_squares",
        ),
        clothes,
        2,
    ),
    "100 images": (
        "memorised images",
        lambda: dcgan(),
        lambda: clothes(128),
        16,
        64,
        30,
    ),
    "a generator that is deaf to latents": (
        "collapse",
        lambda: dcgan(generator=deaf_generator()),
        clothes,
        8,
    ),
    "both rates x 50, momentum 0.9": (
        "a discriminator that wins",
        lambda: dcgan(g=Adam(1e-2, 0.9), d=Adam(1e-2, 0.9)),
        clothes,
        10,
    ),
    "dead units": (
        "dead units",
        lambda: dcgan(generator=dense_generator(-20.0)),
        clothes,
        8,
    ),
    "SGD(0.1), momentum 0.95": (
        "a discriminator that wins",
        lambda: dcgan(g=SGD(0.1, 0.95), d=SGD(0.1, 0.95)),
        clothes,
        10,
    ),
    "Adam(1e-3), momentum 0.98": (
        "a discriminator that wins",
        lambda: dcgan(g=Adam(1e-3, 0.98), d=Adam(1e-3, 0.98)),
        clothes,
        10,
    ),
    "SGD(0.01), momentum 0.9, dense": (
        "oscillation",
        lambda: dcgan(
            g=SGD(0.01, 0.9),
            d=SGD(0.01, 0.9),
            generator=dense_generator(),
            discriminator=critic(16, 2),
        ),
        clothes,
        10,
    ),
    "Adam(2e-3), momentum 0.9, dense": (
        "collapse",
        lambda: dcgan(
            g=Adam(2e-3, 0.9),
            d=Adam(2e-3, 0.9),
            generator=dense_generator(),
            discriminator=critic(16, 2),
        ),
        clothes,
        10,
    ),
}


def deaf_generator():
    inputs = keras.Input((64,))
    x = keras.layers.Rescaling(1e-4)(inputs)
    x = keras.layers.Dense(256, "relu", bias_initializer="random_normal")(x)
    x = keras.layers.Dense(784, "tanh")(x)
    return keras.Model(inputs, keras.layers.Reshape(GREY)(x))


def healthy(build, rows=clothes, epochs=8, batch_size=64, steps=None):
    return None, build, rows, epochs, batch_size, steps


def r3gan():
    gan = keras_gans.R3GAN(
        GREY, width=16, blocks=1, gamma=0.05, burn_in=300, **FAST
    )
    adam = [CosineAdam((1e-3, 2e-4), 0.0, (0.9, 0.99), 300) for _ in range(2)]
    return compiled(gan, generator=adam[0], discriminator=adam[1])


def stylegan2():
    gan = keras_gans.StyleGAN2(
        (32, 32, 3),
        latent_dim=64,
        width=32,
        mapping_layers=2,
        stabilizers=[ADA()],
        **FAST,
    )
    return compiled(gan)


HEALTHY = {
    "gan_fashion_mnist": healthy(
        lambda: compiled(
            keras_gans.GAN(GREY, latent_dim=100, units=800, **FAST)
        ),
        batch_size=128,
    ),
    "dcgan_fashion_mnist": healthy(
        lambda: compiled(
            keras_gans.DCGAN(GREY, latent_dim=128, width=32, **FAST)
        )
    ),
    "conditional_gan_mnist": healthy(
        lambda: compiled(
            keras_gans.ConditionalGAN(
                GREY, latent_dim=100, networks="dcgan", width=16, **FAST
            )
        ),
        classes,
    ),
    "acgan_mnist": healthy(
        lambda: compiled(
            keras_gans.ACGAN(
                GREY, latent_dim=100, width=16, dropout=0.0, **FAST
            )
        ),
        classes,
    ),
    "lsgan_fashion_mnist": healthy(
        lambda: compiled(
            keras_gans.LSGAN(GREY, latent_dim=128, width=16, **FAST)
        )
    ),
    "wgan_fashion_mnist": healthy(
        lambda: compiled(
            keras_gans.WGAN(GREY, latent_dim=128, width=16, **FAST),
            generator=RMSprop(2e-4),
            discriminator=RMSprop(2e-4),
        )
    ),
    "wgan_gp_fashion_mnist": healthy(
        lambda: compiled(
            keras_gans.WGANGP(
                GREY, latent_dim=128, width=16, networks="dcgan", **FAST
            ),
            generator=Adam(5e-4, 0.0, 0.9),
            discriminator=Adam(5e-4, 0.0, 0.9),
        ),
        epochs=6,
    ),
    "infogan_mnist": healthy(
        lambda: compiled(keras_gans.InfoGAN(GREY, width=16, **FAST))
    ),
    "sngan_fashion_mnist": healthy(
        lambda: compiled(
            keras_gans.SNGAN(GREY, latent_dim=128, width=16, **FAST)
        ),
        epochs=6,
    ),
    "sagan_fashion_mnist": healthy(
        lambda: compiled(keras_gans.SAGAN(GREY, width=16, **FAST)),
        lambda: classes(1280),
        6,
    ),
    "biggan_fashion_mnist": healthy(
        lambda: compiled(
            keras_gans.BigGAN(GREY, width=16, critic_steps=2, **FAST)
        ),
        lambda: classes(1280),
        5,
    ),
    "r3gan_fashion_mnist": healthy(
        r3gan, lambda: clothes(960), 6, batch_size=32
    ),
    "transgan_mnist": healthy(
        lambda: compiled(
            keras_gans.TransGAN(
                (28, 28, 1), augment=False, critic_steps=1, **FAST
            ),
            generator=Adam(2e-4, 0.0, 0.99),
            discriminator=Adam(2e-4, 0.0, 0.99),
        ),
        lambda: clothes(640),
        5,
        batch_size=32,
    ),
    "dcgan_faces": healthy(
        lambda: compiled(
            keras_gans.DCGAN(
                (32, 32, 3),
                width=16,
                stabilizers=[DiffAugment("translation,colour")],
                **FAST,
            )
        ),
        faces(32, 1280),
        6,
    ),
    "conditional_gan_flowers": healthy(
        lambda: compiled(
            keras_gans.ConditionalGAN(
                (32, 32, 3),
                num_classes=5,
                networks="dcgan",
                width=16,
                stabilizers=[DiffAugment("colour,translation")],
                **FAST,
            )
        ),
        lambda: (data.load(str(ARGS.flowers), image_size=32), None),
        6,
        steps=20,
    ),
    "dfgan_anime": healthy(
        lambda: compiled(
            keras_gans.DFGAN(
                (32, 32, 3), anime().modalities["prompts"], width=8, **FAST
            ),
            generator=Adam(2e-4, 0.0, 0.9),
            discriminator=Adam(4e-4, 0.0, 0.9),
        ),
        lambda: (anime(), None),
        6,
        batch_size=32,
        steps=20,
    ),
    "cyclegan_maps": healthy(
        lambda: compiled(
            keras_gans.CycleGAN(
                (32, 32, 3), width=8, blocks=3, receptive_field=16, **FAST
            )
        ),
        maps,
        6,
        batch_size=4,
    ),
    "stylegan2_faces": healthy(stylegan2, faces(32, 640), 5, batch_size=32),
    "progan_faces": healthy(
        lambda: compiled(
            keras_gans.ProGAN(
                (32, 32, 3),
                latent_dim=64,
                width=16,
                growth=2000,
                loss="non_saturating",
                penalty_weight=1.0,
                **FAST,
            )
        ),
        faces(32, 640),
        6,
    ),
    "pix2pix_colour_faces": healthy(
        lambda: compiled(
            keras_gans.Pix2Pix(
                (32, 32, 1),
                (32, 32, 3),
                width=16,
                depth=4,
                receptive_field=16,
                **FAST,
            )
        ),
        pairs("grey"),
        6,
        batch_size=32,
        steps=20,
    ),
    "srgan_faces_x4": healthy(
        lambda: compiled(
            keras_gans.SRGAN(
                (32, 32, 3),
                width=16,
                blocks=4,
                discriminator_width=16,
                perceptual=None,
                pixel_steps=60,
                **FAST,
            )
        ),
        pairs("quarter"),
        6,
        batch_size=32,
        steps=20,
    ),
    "gated_inpainting_faces": healthy(
        lambda: compiled(
            keras_gans.GatedInpainting(
                (32, 32, 3),
                width=12,
                dilations=(2, 4),
                critic_width=16,
                attention=False,
                **FAST,
            )
        ),
        faces(32, 640),
        6,
        batch_size=32,
    ),
}


def train(build, rows, epochs, batch_size=64, steps=None):
    keras.utils.set_random_seed(0)
    gan = build()
    learned, held_out = rows()
    doctor = Diagnostics(share=1.0, verbose=0)
    clock = Clock()
    start = time.monotonic()
    gan.fit(
        learned,
        batch_size=batch_size,
        epochs=epochs,
        steps_per_epoch=steps,
        verbose=0,
        callbacks=[clock, doctor],
        validation_data=held_out,
    )
    return {
        "game": dataclasses.asdict(game_of(gan, doctor.broken)),
        "rows": doctor.rows,
        "seconds": time.monotonic() - start,
        "step": statistics.median(clock.steps),
        "measurement": doctor._cost,
    }


class Clock(keras.callbacks.Callback):
    """Times steps: from the end of a batch to the end of the next."""

    def on_train_begin(self, logs=None):
        self.steps = []

    def on_train_batch_begin(self, batch, logs=None):
        self.start = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append(time.monotonic() - self.start)


def findings(result):
    """Returns what the rules say of a run, from its rows: epochs by name."""
    game = {
        k: tuple(v) if isinstance(v, list) else v
        for k, v in result["game"].items()
    }
    found = {}
    for end in range(1, len(result["rows"]) + 1):
        for finding in find(result["rows"][:end], Game(**game)):
            found.setdefault(finding.name, []).append(finding.epoch)
    return found


def print_table(results):
    print("| run | expected | said (after epochs) | a measurement, in steps |")
    print("|---|---|---|---|")
    for name, result in results.items():
        found = findings(result)
        said = "; ".join(
            f"{what} ({epochs[0]} to {epochs[-1]})"
            for what, epochs in found.items()
        )
        steps = result["measurement"] / result["step"]
        wanted = {**BROKEN, **HEALTHY}[name][0]
        right = wanted in found if wanted else not found
        print(
            f"| {name} | {wanted or 'nothing'} | {said or 'nothing'}"
            f"{'' if right else ' **(wrong)**'} | {steps:.1f} |"
        )


def print_cost():
    """Prints the share of the time that the callback takes by default."""
    for name in ("dcgan_fashion_mnist", "wgan_gp_fashion_mnist"):
        _, build, *_ = HEALTHY[name]
        gan, doctor = build(), Diagnostics()
        start = time.monotonic()
        gan.fit(
            data.load("fashion_mnist_10k"),
            epochs=ARGS.cost,
            verbose=0,
            callbacks=[doctor],
        )
        passed = time.monotonic() - start
        measured = sum(
            "diversity" in r and r["diversity"] < 1e9 for r in doctor.rows
        )
        print(
            f"{name}: {measured} measurements in {ARGS.cost} epochs, "
            f"{doctor._spent:.1f} of {passed:.0f} s: "
            f"{doctor._spent / passed:.1%}; the last took {doctor._cost:.2f} s",
            flush=True,
        )


def main():
    if ARGS.cost:
        print_cost()
        return
    runs = {**BROKEN, **HEALTHY}
    done = {}
    if ARGS.out.is_file():
        for line in ARGS.out.read_text().splitlines():
            result = json.loads(line)
            done[result["run"]] = result
    for name in ARGS.runs or runs:
        if name in done or ARGS.print:
            continue
        needed = set(name.split("_")).intersection(FOLDERS)
        if not all(getattr(ARGS, folder) for folder in needed):
            continue
        done[name] = {"run": name, **train(*runs[name][1:])}
        keras.utils.clear_session()
        with open(ARGS.out, "a") as file:
            file.write(json.dumps(done[name]) + "\n")
        print(f"{name}: {done[name]['seconds']:.0f} s", flush=True)
    print_table({name: done[name] for name in runs if name in done})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="*")
    parser.add_argument("--out", type=pathlib.Path, default="diagnoses.jsonl")
    for folder in FOLDERS:
        parser.add_argument(f"--{folder}", type=pathlib.Path)
    parser.add_argument("--print", action="store_true")
    parser.add_argument("--cost", type=int, metavar="EPOCHS")
    ARGS = parser.parse_args()
    main()
