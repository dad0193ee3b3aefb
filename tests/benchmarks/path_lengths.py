"""The perceptual path length of presets, in Z and in W.

    python tests/benchmarks/path_lengths.py stylegan2_faces progan_faces \
        --weights vgg_backbone.pth --heads vgg_heads.pth

Karras et al. 2019, equations 2 and 3: LPIPS of VGG16 between the images of two
points 1e-4 apart, over 1e-8, on whole paths between random latents. In W for
generators with styles; what a generator draws beside its latents is the same
at both points. Each row comes with the seconds that it took.
"""

import argparse
import time

import keras_gans
from keras_gans import latents as latents_of
from keras_gans import metrics
from keras_gans.metrics.pairs.perceptual_network import load_lpips


class OfStyles:
    """A generator with styles whose latents are its styles."""

    def __init__(self, gan):
        self.gan = gan

    def sample_latents(self, num, seed):
        """Returns the styles of drawn latents."""
        return latents_of.to_styles(self.gan, num=num, seed=seed)

    def generate(self, num, seed, latents):
        """Returns the images of styles."""
        return latents_of.from_styles(self.gan, latents)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("presets", nargs="+")
    parser.add_argument("--weights", help="of torchvision's VGG16")
    parser.add_argument("--heads", help="of LPIPS")
    parser.add_argument("--num", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    distance = load_lpips("vgg", args.weights, args.heads)
    print("| preset | path length | pairs | seed | seconds |")
    print("|---|---|---|---|---|")
    for preset in args.presets:
        gan = keras_gans.AdversarialModel.from_preset(preset, dtype="float32")
        ways = {"Z": (gan, "slerp")}
        if latents_of.styles.has_styles(gan):
            ways["W"] = OfStyles(gan), "lerp"
        for name, (made_by, way) in ways.items():
            begun = time.time()
            record = metrics.ppl(
                made_by,
                distance,
                args.num,
                interpolation=way,
                seed=args.seed,
            )
            print(
                f"| `{preset}` | {record.value:.1f} in {name} | {args.num:,} | "
                f"{args.seed} | {time.time() - begun:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
