"""Stabilizers that compare what a discriminator says of two things."""
