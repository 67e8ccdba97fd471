"""Dense causal attention by torch's own tiled kernel.

Vaswani et al., "Attention Is All You Need", 2017, sections 3.2.1 and 3.2.3.
"""

from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return attention in which query i sees key j <= i; all are ``[batch, heads, n, d]``."""
    return scaled_dot_product_attention(q, k, v, is_causal=True)
