"""Feature networks, and the features and statistics of images."""
