"""Layers of growing and style-based networks."""
