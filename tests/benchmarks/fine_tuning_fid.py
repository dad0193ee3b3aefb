r"""Fine-tuning against training from scratch, at the same images.

    python tests/benchmarks/fine_tuning_fid.py FLOWERS --out runs/tuning.jsonl

FLOWERS is a folder of photographs. 200 of them, spread evenly over the
folder, are trained on: once from a preset of faces and once from scratch, by
the same GAN, optimizers, stabilizer, batches and number of steps, for three
seeds. The samples of the average are compared with all photographs of the
folder. A line of JSON for each run goes to `--out`; runs that stand there are
not done again.
"""

import argparse
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

import keras_gans
from keras_gans import callbacks, data, schedules, stabilizers


def train(arm, seed, images, reference, options):
    """Trains one GAN and returns its FIDs by epoch."""
    held = {"stabilizers": [stabilizers.DiffAugment("colour,translation")]}
    if arm == "fine-tuned":
        gan = keras_gans.DCGAN.from_preset(
            options.preset, fine_tune=True, seed=seed, **held
        )
    else:
        config = keras_gans.DCGAN.from_preset(options.preset).get_config()
        shape = {n: config[n] for n in ("image_shape", "latent_dim", "width")}
        average = config["ema_decay"]
        gan = keras_gans.DCGAN(**shape, ema_decay=average, seed=seed, **held)
    optimizers = gan.default_optimizers()
    if arm == "fine-tuned":
        optimizers["generator"] = schedules.delayed(
            optimizers["generator"], steps=options.warm_up
        )
    gan.compile(**{f"{p}_optimizer": o for p, o in optimizers.items()})
    fid = callbacks.FID(
        reference, options.epochs // 4, options.samples, verbose=0
    )
    gan.fit(
        images,
        batch_size=options.batch_size,
        epochs=options.epochs,
        verbose=0,
        callbacks=[fid],
    )
    return {epoch: round(record.value, 3) for epoch, record in fid.records}


def main():
    """Trains both arms with every seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flowers")
    parser.add_argument("--preset", default="zoo/dcgan_faces")
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--batch-size", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--warm-up", type=int, default=100)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    shape = keras_gans.load(options.preset).makes["images"].shape
    everything = data.load(options.flowers, shape[:2])
    reference = np.asarray(everything)
    rows = np.linspace(0, len(reference) - 1, options.images).astype(int)
    done = []
    if options.out.exists():
        lines = options.out.read_text().splitlines()
        done = [(r["arm"], r["seed"]) for r in map(json.loads, lines)]
    for seed in options.seeds:
        for arm in ("fine-tuned", "from scratch"):
            if (arm, seed) in done:
                continue
            fids = train(arm, seed, reference[rows], reference, options)
            settings = {k: v for k, v in vars(options).items() if k != "seeds"}
            settings |= {"out": str(options.out), "arm": arm, "seed": seed}
            with options.out.open("a") as file:
                file.write(json.dumps({**settings, "fid": fids}) + "\n")
            print(arm, seed, fids, flush=True)


if __name__ == "__main__":
    main()
