"""Layers that move pixels between space and channels, or bound them."""
