"""Stabilizers that are penalties on a discriminator's gradient."""
