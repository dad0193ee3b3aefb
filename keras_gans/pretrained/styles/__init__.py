"""Readers of other people's networks with styles."""
