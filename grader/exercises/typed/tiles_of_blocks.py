"""A piece of generated model solutions: read as text, imported by none of ours."""

import torch


def some_drawn(drawn: torch.Tensor, size: int, *ends: torch.Tensor) -> torch.Tensor:
    """Say whether any block was drawn that the tile, first to last query and key, meets."""
    return _number_drawn(drawn, *(end // size for end in ends)) > 0


def all_drawn(drawn: torch.Tensor, size: int, *ends: torch.Tensor) -> torch.Tensor:
    """Say whether every block was drawn that the tile, first to last query and key, meets."""
    top, bottom, left, right = (end // size for end in ends)
    area = (bottom - top + 1) * (right - left + 1)
    return _number_drawn(drawn, top, bottom, left, right) == area


def _number_drawn(
    drawn: torch.Tensor,
    top: torch.Tensor,
    bottom: torch.Tensor,
    left: torch.Tensor,
    right: torch.Tensor,
) -> torch.Tensor:
    """Return how many blocks were drawn in these rows and columns, by sums over corners."""
    counts = torch.nn.functional.pad(drawn.int().cumsum(0).cumsum(1), (1, 0, 1, 0))
    above = counts[top, right + 1] - counts[top, left]
    return counts[bottom + 1, right + 1] - counts[bottom + 1, left] - above
