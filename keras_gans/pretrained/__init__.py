"""Networks that others trained: Inception and LPIPS, and their files."""
