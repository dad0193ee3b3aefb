"""Stabilizers that compare, or join, what a discriminator sees."""
