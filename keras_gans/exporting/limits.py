"""What one request to a server may ask for, in every format."""

MOST_ROWS = 256
"""Most rows that one request gets."""

MOST_SEED = 2**31 - 1
"""The largest seed: JSON, JavaScript and 32-bit clients hold it exactly."""

MOST_PIXELS = 2**25
"""Pixels of a file that is made smaller: 5792x5792."""

MOST_PIXELS_WHOLE = 2**20
"""Pixels of a file that goes through a network whole: 1024x1024."""
