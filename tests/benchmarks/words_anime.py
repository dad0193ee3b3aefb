"""Whether GANs draw the colours that a sentence names, on anime faces.

    python tests/benchmarks/words_anime.py dfgan gancls onehot shuffled
    python tests/benchmarks/words_anime.py retrieval real
    python tests/benchmarks/words_anime.py --table

`words_data.py` splits the images before anything is trained. A run is a line
of `--out`; one that has a line is not made again, and a training that was cut
off goes on from its last epoch, in a folder beside `--out`. `METHODS` says
what each run is. What is generated is judged by two classifiers of different
architecture (`words_judges.py`), which learn from images that no GAN sees;
the first one's numbers are the table's. Pairs are asked for as often as the
test images have them, those that never occur equally often. A matching model
of the judges' images measures R-precision, among all pairs of colours. FID is
of all images that no GAN learned from and as many of their sentences, on the
house's colour network, or on `--features inception_768`.
"""

import argparse
import functools
import os
import pathlib
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from results_files import read, run_missing
from words_data import Anime
from words_judges import KINDS, judge, matching
from words_table import table

import keras_gans
from keras_gans import metrics
from keras_gans.modalities import MultiLabel
from keras_gans.networks.text import df_gan
from keras_gans.stabilizers import MatchingAwarePenalty

METHODS = {
    "dfgan": {},  # the text encoder of a matching model, frozen
    "joint": {"text_encoder": "gru"},
    "augmented": {"augmentation_dim": 32},
    "rolled": {"wrong": "rolled"},
    "shuffled": {},  # each image with the sentence of another
    "gancls": {},
    "onehot": {},  # a ConditionalGAN of DF-GAN's networks
    "retrieval": None,  # a training image of the nearest sentence
    "real": None,  # the test images themselves
}
LATENTS = 100
SWAPS = 50


class Benchmark:
    """The data, the judges and the matching models of all runs."""

    def __init__(self, args):
        self.args = args
        self.folder = args.out.parent / f"words_{args.size}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.anime = Anime(args.data, args.size)
        self.shape = (args.size, args.size, 3)

    @functools.cached_property
    def judges(self):
        """The two classifiers."""
        how = (self.anime, self.args.size, self.folder, self.args.judge_epochs)
        return [judge(kind, *how) for kind in KINDS]

    def matching(self, part, name):
        """Returns a matching model of a part of the data, trained once."""
        ids = self.anime.prompts(part.pairs)
        path = self.folder / f"matching_{name}.weights.h5"
        epochs = self.args.matching_epochs
        return matching(part.images, ids, self.anime.text, path, epochs)

    @functools.cached_property
    def reader(self):
        """The text encoder that the GANs' own images taught."""
        return self.matching(self.anime.train, "train").text_encoder

    def gan(self, method, seed):
        """Returns an untrained GAN."""
        width, options = self.args.width, {"seed": seed, "ema_decay": 0.999}
        if method == "onehot":
            told = MultiLabel(len(self.anime.hair) + len(self.anime.eyes))
            size = (told.num_classes, width)
            gan = keras_gans.ConditionalGAN(
                self.shape,
                latent_dim=LATENTS,
                loss="hinge",
                condition=told,
                generator=df_gan.build_generator(self.shape, LATENTS, *size),
                discriminator=df_gan.build_discriminator(self.shape, *size),
                stabilizers=[MatchingAwarePenalty()],
                **options,
            )
            self.compile(gan)
            return gan
        chosen = {"text_encoder": None, **METHODS[method]}
        chosen["text_encoder"] = chosen["text_encoder"] or self.reader
        if method == "gancls":
            sizes = {"width": 2 * width, "discriminator_width": 2 * width}
            gan = keras_gans.GANCLS(
                self.shape,
                self.anime.text,
                LATENTS,
                **sizes,
                **chosen,
                **options,
            )
        else:
            gan = keras_gans.DFGAN(
                self.shape, self.anime.text, LATENTS, width, **chosen, **options
            )
        if method == "gancls":  # by the rates of its own paper
            gan.compile()
        else:
            self.compile(gan)
        return gan

    def compile(self, gan):
        """Compiles a GAN with DF-GAN's optimizers, at the rates asked for."""
        adam = functools.partial(keras.optimizers.Adam, beta_1=0.0, beta_2=0.9)
        generator, discriminator = map(adam, self.args.rates)
        gan.compile(
            generator_optimizer=generator, discriminator_optimizer=discriminator
        )

    def told(self, method, pairs):
        """Returns what a GAN is told of pairs of colours, by its name."""
        if method == "onehot":
            return {"labels": self.anime.vectors(pairs)}
        return {"prompts": self.anime.prompts(pairs)}

    def trained(self, method, seed):
        """Returns a trained GAN, which goes on where it stood."""
        where, part = self.folder / f"{method}_{seed}", self.anime.train
        log = where / "log.csv"
        if log.exists() and len(log.read_text().split()) > self.args.epochs:
            return keras_gans.load(where / "preset")
        gan = self.gan(method, seed)
        pairs = part.pairs
        if method == "shuffled":
            pairs = np.random.default_rng(seed).permutation(pairs)
        images = np.concatenate([part.images, part.images[:, :, ::-1]])
        rows = {
            name: np.concatenate([values, values])
            for name, values in self.told(method, pairs).items()
        }
        where.mkdir(exist_ok=True)
        gan.fit(
            {"images": images, **rows},
            batch_size=self.args.batch,
            epochs=self.args.epochs,
            verbose=2,
            callbacks=[
                keras.callbacks.BackupAndRestore(where / "backup"),
                keras.callbacks.CSVLogger(log, append=True),
                keras_gans.callbacks.SampleGrid(
                    where, num_images=32, every=5, animation=None
                ),
                keras.callbacks.LambdaCallback(
                    on_epoch_end=lambda epoch, logs: (
                        gan.save_to_preset(where / "preset")
                        if epoch % 10 == 9
                        else None
                    )
                ),
            ],
        )
        gan.save_to_preset(where / "preset")
        return gan

    def drawer(self, method, seed):
        """Returns a function from pairs and a seed to images of them."""
        if method == "retrieval":
            return self.retrieved
        gan = self.trained(method, seed)

        def draw(pairs, number):
            told = self.told(method, pairs)
            latents = np.random.default_rng(number).standard_normal(
                (len(pairs), gan.latent_dim), "float32"
            )
            return gan.generate(latents=latents, **told)

        return draw

    def retrieved(self, pairs, number):
        """Returns training images that have as many of the colours as any."""
        rng, part = np.random.default_rng(number), self.anime.train
        found = []
        for pair in np.asarray(pairs):
            right = (part.pairs == pair).sum(1)
            found.append(rng.choice(np.flatnonzero(right == right.max())))
        return part.images[found]

    def scores(self, images, pairs):
        """Returns the judges' shares of right colours, and their agreement."""
        asked = dict(zip(("hair", "eyes"), np.asarray(pairs).T, strict=True))
        shares = {}
        for number, classifier in enumerate(self.judges):
            record = metrics.attribute_accuracy(asked, images, classifier)
            own = {**record.details, "both": record.value}
            shares.update({f"{n}_{number}": v for n, v in own.items()})
        return {name: round(value, 4) for name, value in shares.items()}

    def run(self, method, seed):
        """Trains and measures; returns a line of the results."""
        begun, args = time.time(), self.args
        line = {"method": method, "seed": seed, "size": args.size}
        if method == "real":
            test, other = self.anime.test, self.anime.test_held_out
            groups = {"seen": test, "held out": other}
            for group, part in groups.items():
                line[group] = self.scores(part.images, part.pairs)
            made, pairs = test.images, test.pairs
        else:
            draw = self.drawer(method, seed)
            of_test = {"seen": self.anime.test.pairs}
            of_test["held out"] = self.anime.test_held_out.pairs
            for group, of in {**self.anime.pairs, **of_test}.items():
                asked = np.repeat(of, -(-args.num // len(of)), 0)
                line[group] = self.scores(draw(asked, 0), asked)
            line["swap"] = self.swapped(draw)
            pairs = self.anime.test.pairs
            made = draw(pairs, 1)
            real = self.anime.unseen
            drawn = draw(real.pairs, 3)
            fid = metrics.fid(real.images, drawn, args.features)
            line["fid"] = round(fid.value, 3)
            line |= {"fid_images": len(drawn), "features": args.features}
        matcher = self.matching(self.anime.judge, "judge")
        every = np.concatenate(list(self.anime.pairs.values()))
        found = metrics.r_precision(
            matcher,
            self.anime.prompts(pairs),
            made,
            self.anime.prompts(every),
        )
        line["r_precision"] = round(found.value, 4)
        line["candidates"] = found.details["candidates"]
        apart = metrics.prompt_diversity(pairs, made, args.features)
        line["diversity"] = round(apart.value, 3)
        line["epochs"] = args.epochs
        line["seconds"] = round(time.time() - begun, 1)
        line["backend"] = keras.backend.backend()
        return line

    def swapped(self, draw):
        """Returns the share of right images of pairs and their swaps.

        Pairs of colours that both hair and eyes can have: "red hair blue
        eyes" and "blue hair red eyes", of the same latents.
        """
        names = sorted(set(self.anime.hair) & set(self.anime.eyes))
        both = [(a, b) for a in names for b in names if a < b]
        rng = np.random.default_rng(0)
        chosen = [both[i] for i in rng.permutation(len(both))[:SWAPS]]
        hair, eyes = self.anime.hair, self.anime.eyes
        right = []
        for first, second in (0, 1), (1, 0):
            asked = np.array(
                [
                    (hair.index(pair[first]), eyes.index(pair[second]))
                    for pair in chosen
                    for _ in range(4)
                ]
            )
            right.append(self.scores(draw(asked, 2), asked)["both_0"])
        return round(float(np.mean(right)), 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("methods", nargs="*", help=f"of {list(METHODS)}")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument(
        "--data", type=pathlib.Path, default="anime", help="tags.csv, images/"
    )
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument(
        "--rates", nargs=2, type=float, default=[1e-4, 4e-4], help="of G and D"
    )
    parser.add_argument("--judge-epochs", type=int, default=40)
    parser.add_argument("--matching-epochs", type=int, default=15)
    parser.add_argument(
        "--features", default="colour_classifier", help="or inception_768"
    )
    parser.add_argument("--num", type=int, default=1000, help="images a group")
    parser.add_argument("--part", nargs=2, type=int, default=[0, 1])
    parser.add_argument("--threads", type=int, help="of TensorFlow")
    parser.add_argument("--table", action="store_true")
    here = pathlib.Path(__file__).parent / "results" / "words_anime.jsonl"
    parser.add_argument("--out", type=pathlib.Path, default=here)
    args = parser.parse_args()
    if args.table:
        print(table(read(args.out)))
        return
    if args.threads and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(args.threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    benchmark = Benchmark(args)
    wanted = [(method, seed) for seed in args.seeds for method in args.methods]
    run_missing(args.out, ("method", "seed"), wanted, args.part, benchmark.run)


if __name__ == "__main__":
    main()
