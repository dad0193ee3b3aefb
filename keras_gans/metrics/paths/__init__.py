"""Metrics of paths between latents: the perceptual path length."""
