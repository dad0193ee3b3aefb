"""Metrics of two sets of images: FID, KID, precision and recall."""
