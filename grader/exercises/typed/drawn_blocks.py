"""A piece of generated files: read as text, imported by none of ours."""

import hashlib

import torch


def drawn_blocks(n: int, size: int, number: int, seed: int) -> torch.Tensor:
    """Return bool [blocks, blocks]: which blocks of keys each block of queries has drawn."""
    blocks = -(-n // size)
    drawn = torch.zeros(blocks, blocks, dtype=torch.bool)
    for row in range(blocks):
        chosen: set[int] = set()
        for top in range(max(0, blocks - number), blocks):
            digest = hashlib.sha256(f"{seed}:{row}:{blocks}:{top}".encode()).digest()
            pick = int.from_bytes(digest[:8], "big") % (top + 1)
            chosen.add(top if pick in chosen else pick)
        drawn[row, torch.tensor(sorted(chosen), dtype=torch.int64)] = True
    return drawn
