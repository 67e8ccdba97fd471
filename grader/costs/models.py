"""Real decoder models: what their attention looks like, and how many parameters they have."""

from dataclasses import dataclass
from typing import Final

from grader.costs.units import require_at_least


@dataclass(frozen=True)
class Model:
    """A decoder whose layers have attention of the same shape.

    ``parameters`` is the published total, embeddings included, to three digits. ``local_layers``
    of the ``layers`` have a causal ``window`` (keys a query sees, its own among them); the others
    are dense. ``source`` is where all of it is published.
    """

    name: str
    layers: int
    q_heads: int
    kv_heads: int
    head_dim: int
    parameters: int
    source: str
    local_layers: int = 0
    window: int | None = None

    def __post_init__(self) -> None:
        for field in ("layers", "q_heads", "kv_heads", "head_dim", "parameters"):
            require_at_least(field, getattr(self, field), 1)
        if self.q_heads % self.kv_heads:
            raise ValueError(f"{self.q_heads} query heads cannot share {self.kv_heads} KV heads")
        if not 0 <= self.local_layers <= self.layers:
            raise ValueError(f"{self.local_layers} of {self.layers} layers cannot be local")
        if (self.window is None) != (self.local_layers == 0):
            raise ValueError("local layers have a window, and a window needs local layers")


LLAMA_2_7B: Final = Model(
    "Llama 2 7B",
    layers=32,
    q_heads=32,
    kv_heads=32,
    head_dim=128,
    parameters=6_740_000_000,
    source="Touvron et al., 2023, Llama 2: Open Foundation and Fine-Tuned Chat Models; "
    "shape and parameters (6.74B): model card and configuration",
)
LLAMA_3_8B: Final = Model(
    "Llama 3 8B",
    layers=32,
    q_heads=32,
    kv_heads=8,
    head_dim=128,
    parameters=8_030_000_000,
    source="Grattafiori et al., 2024, The Llama 3 Herd of Models, Table 3; "
    "parameters (8.03B): model card",
)
LLAMA_3_70B: Final = Model(
    "Llama 3 70B",
    layers=80,
    q_heads=64,
    kv_heads=8,
    head_dim=128,
    parameters=70_600_000_000,
    source="Grattafiori et al., 2024, The Llama 3 Herd of Models, Table 3; "
    "parameters (70.6B): model card",
)
MISTRAL_7B: Final = Model(
    "Mistral 7B v0.1",
    layers=32,
    q_heads=32,
    kv_heads=8,
    head_dim=128,
    parameters=7_240_000_000,
    source="Jiang et al., 2023, Mistral 7B, Table 1; parameters (7.24B): model card",
    local_layers=32,
    window=4096,
)
GEMMA_2_9B: Final = Model(
    "Gemma 2 9B",
    layers=42,
    q_heads=16,
    kv_heads=8,
    head_dim=256,
    parameters=9_240_000_000,
    source="Gemma Team, 2024, Gemma 2: Improving Open Language Models at a Practical Size, "
    "Table 1; parameters (9.24B): Table 2 and model card",
    local_layers=21,
    window=4096,
)
GEMMA_3_12B: Final = Model(
    "Gemma 3 12B",
    layers=48,
    q_heads=16,
    kv_heads=8,
    head_dim=256,
    parameters=11_800_000_000,
    source="Gemma Team, 2025, Gemma 3 Technical Report, section 2; parameters of the language "
    "model without the vision encoder (1,012M + 10,759M): Table 1; shape: configuration",
    local_layers=40,
    window=1024,
)

MODELS: Final = (LLAMA_2_7B, LLAMA_3_8B, LLAMA_3_70B, MISTRAL_7B, GEMMA_2_9B, GEMMA_3_12B)
