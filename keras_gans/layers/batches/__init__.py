"""Layers that compare the rows of a batch."""
