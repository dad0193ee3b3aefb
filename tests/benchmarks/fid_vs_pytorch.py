"""Trains a variant here and in plain PyTorch, and compares their FID.

python tests/benchmarks/fid_vs_pytorch.py --epochs 5 --seeds 0 1 2

Both get the same layers and initialisation, the same batches in the same
order, the same optimizers and number of steps. Each then generates 10,000
images in inference mode, in float32, which are compared with the training
images through the same feature network. Every run adds one JSON line to
`results/fid_vs_pytorch.jsonl`.

`--only pytorch` trains the reference alone, to stand beside a preset of the
zoo. With `--keep` such a run goes on by itself after it was stopped. The
settings of the recipes are `--ema 0.999` and

--variant dcgan --latents 128 --epochs 16
--variant sngan --width 32 --epochs 4 --bfloat16
--variant wgan_gp_dcgan --width 32 --steps 4800 --rate 5e-4 --bfloat16

What `--keep` kept is scored again, on other features or against other images,
with `--feature-network` and `--real`.
"""

import argparse
import importlib
import json
import pathlib
import statistics

import keras
import numpy as np
import torch

import keras_gans
from keras_gans import metrics
from keras_gans.cli.building import compile_gan
from keras_gans.cli.scoring import open_side
from keras_gans.engine.training.feed import Batches
from keras_gans.modalities.image import to_uint8
from keras_gans.presets.publication.standing import standing_statistics

# The reference, the class, what both are given besides, and the width and the
# latents' dimensions where nothing is said.
VARIANTS = {
    "dcgan": ("dcgan", "DCGAN", {}, 64, 100),
    "wgan_gp": ("wgan_gp", "WGANGP", {}, 128, 128),
    "wgan_gp_dcgan": ("wgan_gp", "WGANGP", {"networks": "dcgan"}, 64, 128),
    "sngan": ("sngan", "SNGAN", {}, 64, 128),
}
NUM_IMAGES = 10_000
SAVE_EVERY = 100
RESULTS = pathlib.Path(__file__).parent / "results" / "fid_vs_pytorch.jsonl"


def batches(images, args, seed, step):
    """The feed that `fit` makes for this seed, from a step on."""
    feed = Batches(images, ("images",), args.batch, seed=seed)
    feed.start(step, num_batches=args.steps - step)
    return feed


def train_keras(images, args, seed, checkpoint):
    keras.utils.set_random_seed(seed)
    _, class_name, extra, _, _ = VARIANTS[args.variant]
    gan_class = getattr(keras_gans, class_name)
    settings = {
        "image_shape": images.image_shape,
        "width": args.width,
        "latent_dim": args.latents,
        "seed": seed,
        **extra,
    }
    gan = gan_class(
        **settings,
        dtype="mixed_bfloat16" if args.bfloat16 else "float32",
        ema_decay=args.ema,
    )
    compile_gan(gan, [str(args.rate)] if args.rate else [])
    gan.fit(
        images, batch_size=args.batch, steps_per_epoch=args.steps, verbose=0
    )
    in_float32 = gan_class(**settings, dtype="float32")
    in_float32.generator.set_weights(gan.inference_generator.get_weights())
    if args.ema:
        standing_statistics(in_float32)
    return in_float32.generate(NUM_IMAGES, seed=seed, batch_size=500)


def train_pytorch(images, args, seed, checkpoint):
    torch.manual_seed(seed)
    size, _, channels = images.image_shape
    reference, _, extra, _, _ = VARIANTS[args.variant]
    trainer = importlib.import_module(f"pytorch_{reference}").Trainer(
        size,
        channels,
        args.latents,
        args.width,
        bfloat16=args.bfloat16,
        channels_last=args.channels_last,
        freeze=True,
        ema_decay=args.ema,
        **extra,
        **({"learning_rate": args.rate} if args.rate else {}),
    )
    if checkpoint and checkpoint.exists():
        trainer.load(checkpoint)
    feed = batches(images, args, seed, trainer.steps)
    for i in range(feed.num_batches):
        batch = torch.from_numpy(feed[i][0]["images"])
        losses = trainer.step(batch.permute(0, 3, 1, 2))
        if checkpoint and trainer.steps % SAVE_EVERY == 0:
            trainer.save(checkpoint)
            d, g = (loss.item() for loss in losses)
            print(f"step {trainer.steps}  losses {d:.3f} {g:.3f}", flush=True)
    return trainer.generate(NUM_IMAGES, seed)


TRAIN = {"keras_gans": train_keras, "pytorch": train_pytorch}


def run(framework, images, real, args, seed):
    """Trains and scores once; returns what is to be known about it."""
    settings = {
        "framework": framework,
        "variant": args.variant,
        "data": pathlib.Path(args.data).name,
        "width": args.width,
        "latent_dim": args.latents,
        "batch_size": args.batch,
        "steps": args.steps,
        "learning_rate": args.rate,
        "bfloat16": args.bfloat16,
        "ema_decay": args.ema,
        "seed": seed,
    }
    name = "_".join(str(value) for value in settings.values())
    kept = args.keep and args.keep / f"{name}.npy"
    if kept and kept.exists():
        fakes = np.load(kept)
    else:
        checkpoint = kept and kept.with_name(f"{name}.pt")
        train = TRAIN[framework]
        fakes = to_uint8(train(images, args, seed, checkpoint))
        if kept:
            np.save(kept, fakes)
    score = metrics.fid(real, fakes, args.feature_network)
    return {
        **settings,
        "backend": keras.backend.backend(),
        "fid": score.value,
        "feature_network": score.feature_network,
        "real": score.real,
        "num_real": score.num_real,
        "num_fake": score.num_fake,
        "images_seen": args.steps * args.batch,
    }


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--variant", choices=VARIANTS, default="dcgan")
    parser.add_argument("--only", choices=TRAIN, help="the other is not run")
    parser.add_argument(
        "--data",
        default="fashion_mnist_10k",
        help="a name or folder, as `keras_gans.data.load` takes it",
    )
    parser.add_argument("--width", type=int)
    parser.add_argument("--latents", type=int, help="their dimensions")
    parser.add_argument("--batch", type=int, default=64)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=int, default=5)
    length.add_argument("--steps", type=int)
    parser.add_argument(
        "--rate", type=float, help="of both optimizers; the paper's if not said"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--feature-network", default="fashion_mnist_classifier")
    parser.add_argument(
        "--real",
        help="what to score against instead of `--data`: as that, or a "
        "statistics file, .npz",
    )
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument(
        "--channels-last",
        action="store_true",
        help="PyTorch's faster layout; the numbers are the same",
    )
    parser.add_argument(
        "--ema",
        type=float,
        help="decay of the moving average of the generator's weights",
    )
    parser.add_argument(
        "--keep",
        type=pathlib.Path,
        help="folder of the generated images and of PyTorch's checkpoints; "
        "what is there is not made anew",
    )
    args = parser.parse_args()
    _, _, _, width, latents = VARIANTS[args.variant]
    args.width = args.width or width
    args.latents = args.latents or latents
    return args


def main():
    args = parse()
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    RESULTS.parent.mkdir(exist_ok=True)
    images = keras_gans.data.load(args.data)
    args.steps = args.steps or args.epochs * (len(images) // args.batch)
    network = metrics.get_feature_extractor(args.feature_network)
    real = open_side(args.real or args.data, network)
    if not isinstance(real, metrics.FeatureStatistics):
        real = metrics.feature_statistics(real, network)  # for all runs
    frameworks = [args.only] if args.only else list(TRAIN)
    scores = {framework: [] for framework in frameworks}
    for seed in args.seeds:
        for framework in frameworks:
            result = run(framework, images, real, args, seed)
            with RESULTS.open("a") as file:
                file.write(json.dumps(result) + "\n")
            scores[framework].append(result["fid"])
            print(f"seed {seed}  {framework:10}  FID {result['fid']:.3f}")
    for framework, values in scores.items():
        deviation = statistics.stdev(values) if len(values) > 1 else 0.0
        print(
            f"{framework:10}  FID {statistics.mean(values):.3f} "
            f"± {deviation:.3f} ({len(values)} seeds)"
        )


if __name__ == "__main__":
    main()
