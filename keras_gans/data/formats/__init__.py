"""Data sets by name, and files that hold one."""
