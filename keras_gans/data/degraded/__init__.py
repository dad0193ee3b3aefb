"""Photographs, and small copies of them: what networks learn to enlarge."""
