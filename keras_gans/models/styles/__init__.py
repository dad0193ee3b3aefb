"""Variants that grow, and variants with styles."""
