"""Distances between many vectors, computed in blocks."""

from collections.abc import Iterator

import numpy as np

BLOCK = 2**24
"""Number of distances in a block: 128 MiB of float64."""


def squared_distances(
    rows: np.ndarray, columns: np.ndarray
) -> Iterator[tuple[slice, np.ndarray]]:
    """Computes squared Euclidean distances, some rows at a time.

    Args:
        rows: float64 (n, d).
        columns: float64 (m, d).

    Yields:
        A slice of the rows, and their squared distances to all columns,
        (rows, m).
    """
    row_norms = np.einsum("nd,nd->n", rows, rows)
    column_norms = np.einsum("md,md->m", columns, columns)
    size = max(1, BLOCK // len(columns))
    for start in range(0, len(rows), size):
        part = slice(start, min(start + size, len(rows)))
        block = rows[part] @ columns.T
        block *= -2.0
        block += row_norms[part, None]
        block += column_norms
        np.maximum(block, 0.0, out=block)  # Rounding errors of equal vectors.
        yield part, block


def squared_distances_to_others(
    points: np.ndarray,
) -> Iterator[tuple[slice, np.ndarray]]:
    """Computes the squared distances of every point to all other points.

    Args:
        points: float64 (n, d).

    Yields:
        A slice of the rows, and their squared distances (rows, n); the
        distance from a point to itself is infinite.
    """
    for part, block in squared_distances(points, points):
        itself = np.arange(part.start, part.stop)
        block[itself - part.start, itself] = np.inf
        yield part, block


def squared_radii(points: np.ndarray, k: int) -> np.ndarray:
    """Computes the squared distance to the k-th nearest other point.

    Args:
        points: float64 (n, d).
        k: 1 or more, and less than n.

    Returns:
        float64 (n,), squared distances.

    Raises:
        ValueError: For another k.
    """
    if not 1 <= k < len(points):
        raise ValueError(
            "`k` must be at least 1 and less than the number of images. "
            f"Received: k={k}, {len(points)} images"
        )
    radii = np.empty(len(points))
    for part, block in squared_distances_to_others(points):
        block.partition(k - 1, axis=1)
        radii[part] = block[:, k - 1]
    return radii


def nearest(
    rows: np.ndarray, columns: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Finds the nearest column of every row.

    Args:
        rows: float64 (n, d).
        columns: float64 (m, d) to search; None searches the other rows.

    Returns:
        Distances (n,), exactly 0 for equal vectors, and the indices of the
        nearest columns, int (n,).
    """
    if columns is None:
        columns, blocks = rows, squared_distances_to_others(rows)
    else:
        blocks = squared_distances(rows, columns)
    distances, indices = [], []
    for part, block in blocks:
        indices.append(block.argmin(axis=1))
        difference = rows[part] - columns[indices[-1]]
        distances.append(np.linalg.norm(difference, axis=1))
    return np.concatenate(distances), np.concatenate(indices)
