"""Making a GPU ready, so that no call of the learner's is the first one."""

import importlib.util
import os
import shutil
from typing import Any

_SIDE = 64


def warm_gpu(torch: Any) -> None:
    """Begin a context on the GPU and run there what first calls are slow at.

    Raises RuntimeError where the device cannot be used; then the process gets ready never.
    """
    torch.cuda.init()
    # The compiler forks, and what a launcher needs is built before any of the learner's code.
    if importlib.util.find_spec("triton") and shutil.which(os.environ.get("CC", "gcc")):
        from sandbox.inside.triton_kernel import doubled

        doubled(torch.ones(_SIDE, device="cuda"))
    x = torch.randn(1, 2, _SIDE, _SIDE, device="cuda")
    mask = torch.ones(_SIDE, _SIDE, device="cuda").bool()
    torch.softmax(x @ x.mT, -1).sum().item()
    torch.nn.functional.scaled_dot_product_attention(x, x, x, is_causal=True)
    torch.nn.functional.scaled_dot_product_attention(x, x, x, attn_mask=mask)
    torch.cuda.synchronize()
