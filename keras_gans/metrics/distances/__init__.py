"""The mathematics of the metrics, on arrays of features, in NumPy."""
