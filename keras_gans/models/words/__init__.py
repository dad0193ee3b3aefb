"""Variants that draw what a sentence says, and the matching model."""
