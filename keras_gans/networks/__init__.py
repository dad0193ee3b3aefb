"""Networks that several variants share, and the sizes of their maps."""
