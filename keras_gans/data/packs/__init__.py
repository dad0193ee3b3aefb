"""Packs: rows in a few large files, for data larger than memory."""
