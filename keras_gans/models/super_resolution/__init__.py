"""Variants that enlarge images."""
