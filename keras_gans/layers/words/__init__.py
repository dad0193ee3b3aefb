"""Layers of generators and discriminators that read sentences."""
