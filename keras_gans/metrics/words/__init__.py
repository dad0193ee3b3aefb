"""Measures of images that were made by sentences."""
