"""Paired images, and two sets of images without pairs."""
