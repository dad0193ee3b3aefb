"""The names of the variants, and the file of each in `models/`."""

VARIANTS = {
    "GAN": "gan",
    "DCGAN": "dcgan",
    "ConditionalGAN": "conditional_gan",
    "LSGAN": "lsgan",
    "WGAN": "wgan",
    "WGANGP": "wgan_gp",
    "ACGAN": "acgan",
    "InfoGAN": "infogan",
    "SNGAN": "sngan",
    "SAGAN": "sagan",
    "BigGAN": "biggan",
    "R3GAN": "r3gan",
    "TransGAN": "transgan",
    "Pix2Pix": "translation.pix2pix",
    "SRGAN": "super_resolution.srgan",
    "ESRGAN": "super_resolution.esrgan",
    "GatedInpainting": "gated_inpainting",
    "CycleGAN": "translation.cyclegan",
    "ProGAN": "styles.progan",
    "StyleGAN": "styles.stylegan",
    "StyleGAN2": "styles.stylegan2",
    "GANCLS": "words.gan_cls",
    "DFGAN": "words.df_gan",
}


def list_variants() -> list[str]:
    """Returns the names of all variants."""
    return list(VARIANTS)
