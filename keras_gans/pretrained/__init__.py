"""Networks that others trained, and the readers of their weight files."""
