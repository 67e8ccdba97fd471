"""A window to both sides and global tokens.

Beltagy et al., "Longformer: The Long-Document Transformer", 2020, section 3.1; global tokens that
see all and are seen by all are also Ainslie et al., "ETC", 2020, section 3.
"""

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

_BLOCK = 128


def attention(q: Tensor, k: Tensor, v: Tensor, window: int, n_global: int) -> Tensor:
    """Return attention in which i sees j when near, or when one of them is global.

    Near means ``abs(i - j) <= window // 2``, global means below ``n_global``. q, k, v and the
    result are ``[batch, heads, n, d]``; work and memory are linear in n for fixed parameters.
    """
    n, reach = q.shape[2], window // 2
    out = torch.empty_like(q)
    if n_global:
        out[:, :, :n_global] = scaled_dot_product_attention(q[:, :, :n_global], k, v)
    for start in range(n_global, n, _BLOCK):
        stop = min(start + _BLOCK, n)
        # Global keys stand in front; the slice begins after them, so that none counts twice.
        first, last = max(n_global, start - reach), min(n, stop + reach)
        near = _near(start, stop, first, last, reach).to(q.device)
        seen = torch.cat([near.new_ones(stop - start, n_global), near], dim=1)
        keys, values = (torch.cat([x[:, :, :n_global], x[:, :, first:last]], dim=2) for x in (k, v))
        out[:, :, start:stop] = scaled_dot_product_attention(
            q[:, :, start:stop], keys, values, attn_mask=seen
        )
    return out


def _near(start: int, stop: int, first: int, last: int, reach: int) -> Tensor:
    distance = torch.arange(start, stop)[:, None] - torch.arange(first, last)[None, :]
    return distance.abs() <= reach
