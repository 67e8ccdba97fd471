"""What attention costs: bytes of cache, operations, time at best, and reach.

For decoders: every layer is causal. Numbers are exact, as ints or Fractions, seconds too. The
standard library is all it needs.
"""

from grader.costs.accelerators import A100, ACCELERATORS, H100, H200, JETSON, Accelerator
from grader.costs.cache import cache_bytes, cache_read_bytes, kib_per_token
from grader.costs.capacity import cache_budget, max_batch, max_tokens
from grader.costs.compute import (
    attention_pairs,
    decode_flops,
    prefill_flops,
    prefill_seconds_floor,
)
from grader.costs.kept import entries_kept, is_causal
from grader.costs.models import (
    GEMMA_2_9B,
    GEMMA_3_12B,
    LLAMA_2_7B,
    LLAMA_3_8B,
    LLAMA_3_70B,
    MISTRAL_7B,
    MODELS,
    Model,
)
from grader.costs.reach import (
    first_tokens_seen,
    layers_that_see_all,
    layers_to_cross,
    positions_reached,
    reach_back,
    receptive_field,
    unreachable_pairs,
)
from grader.costs.stacks import BITS, DENSE, LayerKind, Precision, Stack
from grader.costs.traffic import (
    decode_bytes,
    decode_intensity,
    decode_seconds_floor,
    prefill_intensity,
    weight_bytes,
)
from grader.costs.units import GB, GIB, KIB

__all__ = [
    "A100",
    "ACCELERATORS",
    "BITS",
    "DENSE",
    "GB",
    "GEMMA_2_9B",
    "GEMMA_3_12B",
    "GIB",
    "H100",
    "H200",
    "JETSON",
    "KIB",
    "LLAMA_2_7B",
    "LLAMA_3_8B",
    "LLAMA_3_70B",
    "MISTRAL_7B",
    "MODELS",
    "Accelerator",
    "LayerKind",
    "Model",
    "Precision",
    "Stack",
    "attention_pairs",
    "cache_budget",
    "cache_bytes",
    "cache_read_bytes",
    "decode_bytes",
    "decode_flops",
    "decode_intensity",
    "decode_seconds_floor",
    "entries_kept",
    "first_tokens_seen",
    "is_causal",
    "kib_per_token",
    "layers_that_see_all",
    "layers_to_cross",
    "max_batch",
    "max_tokens",
    "positions_reached",
    "prefill_flops",
    "prefill_intensity",
    "prefill_seconds_floor",
    "reach_back",
    "receptive_field",
    "unreachable_pairs",
    "weight_bytes",
]
