"""Readers of other people's networks that enlarge photographs."""
