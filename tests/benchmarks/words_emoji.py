"""What 1,226 named emoji teach a DF-GAN about names.

    python tests/benchmarks/words_emoji.py --data emoji --epochs 200

A tenth of the names is held out before anything is trained. A DF-GAN learns
from the rest, with the text encoder of a matching model of the same pictures.
Each name is drawn once, and another matching model, which learnt from all
pictures, says whether the picture matches its own name best among all names:
R-precision. Held-out names are told apart by whether all of their words occur
in other names; those of which no word does are left out. Beside the generated
pictures stand the real ones, which show how much this measure can see, and the
training picture whose name shares most words. Lines go to `--out`, and a
training that was cut off goes on from its last epoch, in a folder beside it.
"""

import argparse
import csv
import functools
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from PIL import Image
from results_files import run_missing
from words_judges import matching

import keras_gans
from keras_gans import metrics
from keras_gans.modalities import Text, Vocabulary
from keras_gans.stabilizers import DiffAugment

GROUPS = ("training names", "held out, words known", "held out, some unknown")


def read(folder, size):
    """Returns the names, and the pictures as uint8.

    They lie on mid-grey: on white a generator soon makes nothing but white.
    """
    with (folder / "names.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pictures = []
    for row in rows:
        with Image.open(folder / row["file"]) as image:
            grey = Image.new("RGBA", image.size, (128, 128, 128, 255))
            grey.alpha_composite(image.convert("RGBA"))
        small = grey.convert("RGB").resize((size, size), Image.Resampling.BOX)
        pictures.append(np.asarray(small))
    return [row["caption"] for row in rows], np.stack(pictures)


def grouped(names, rng):
    """Returns the number of each name's group; -1 for one left out."""
    held_out = rng.uniform(size=len(names)) < 0.1
    known = {
        word
        for name, out in zip(names, held_out, strict=True)
        for word in name.split()
        if not out
    }
    groups = np.zeros(len(names), int)
    for i in np.flatnonzero(held_out):
        found = [word in known for word in names[i].split()]
        groups[i] = 1 if all(found) else 2 if any(found) else -1
    return groups


def text_of(names):
    """Returns the modality of names, in their own words."""
    length = max(len(name.split()) for name in names)
    return Text(Vocabulary.from_captions(names), length, examples=names[:8])


def trained(images, names, text, args, folder):
    """Returns a trained DF-GAN, which goes on where it stood."""
    reader = matching(
        images,
        text.check(names),
        text,
        folder / "train.weights.h5",
        args.matching_epochs,
    )
    gan = keras_gans.DFGAN(
        images.shape[1:],
        text,
        100,
        args.width,
        text_encoder=reader.text_encoder,
        ema_decay=0.999,
        stabilizers=[DiffAugment("translation,cutout")],
        seed=0,
    )
    gan.compile()
    gan.fit(
        {"images": images, "prompts": text.check(names)},
        batch_size=32,
        epochs=args.epochs,
        verbose=2,
        callbacks=[
            keras.callbacks.BackupAndRestore(folder / "backup"),
            keras_gans.callbacks.SampleGrid(
                folder, num_images=32, every=20, animation=None
            ),
        ],
    )
    gan.save_to_preset(folder / "preset")
    return gan


def nearest(asked, names, images):
    """Returns the picture whose name shares most words, of each name."""
    found = []
    for name in asked:
        words = set(name.split())
        shared = [
            len(words & set(other.split())) / len(words | set(other.split()))
            for other in names
        ]
        found.append(images[int(np.argmax(shared))])
    return np.stack(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=pathlib.Path, default="emoji")
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--matching-epochs", type=int, default=60)
    here = pathlib.Path(__file__).parent / "results" / "words_emoji.jsonl"
    parser.add_argument("--out", type=pathlib.Path, default=here)
    args = parser.parse_args()
    folder = args.out.parent / f"emoji_{args.size}"
    folder.mkdir(parents=True, exist_ok=True)
    names, pictures = read(args.data, args.size)
    groups = grouped(names, np.random.default_rng(0))
    learnt = [n for n, group in zip(names, groups, strict=True) if group == 0]
    every, own = text_of(names), text_of(learnt)
    candidates = every.check(names)
    judge = matching(
        pictures,
        candidates,
        every,
        folder / "judge.weights.h5",
        args.matching_epochs,
    )

    @functools.cache
    def painter():
        return trained(pictures[groups == 0], learnt, own, args, folder)

    def run(made_by, group):
        chosen = groups == GROUPS.index(group)
        asked = [n for n, c in zip(names, chosen, strict=True) if c]
        if made_by == "real":
            made = pictures[chosen]
        elif made_by == "nearest name":
            made = nearest(asked, learnt, pictures[groups == 0])
        else:
            gan = painter()
            latents = np.random.default_rng(0).standard_normal(
                (len(asked), gan.latent_dim), "float32"
            )
            made = gan.generate(latents=latents, prompts=own.check(asked))
        ids = every.check(asked)
        found = metrics.r_precision(judge, ids, made, candidates)
        line = {"made_by": made_by, "group": group, "names": len(asked)}
        line |= {"r_precision": round(found.value, 4), "size": args.size}
        return line | {"candidates": found.details["candidates"]}

    made_by = ("real", "nearest name", f"DFGAN, {args.epochs} epochs")
    wanted = [(m, g) for m in made_by for g in GROUPS]
    run_missing(args.out, ("made_by", "group"), wanted, (0, 1), run)


if __name__ == "__main__":
    main()
