"""Layers of networks that fill in holes."""
