"""What one learner's process may use."""

from dataclasses import dataclass
from typing import Literal

Device = Literal["cpu", "cuda"]
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one sandboxed process and everything it starts.

    Seconds are wall clock unless said. ``cpu_seconds`` is the CPU time of the whole life of the
    process. ``memory_bytes`` bounds the resident memory of the whole tree beyond what the warm
    interpreter held before the learner's code. The rest bounds each process on its own, but for
    ``processes`` (threads count too), ``scratch_bytes`` (the private folder that all share) and
    ``output_bytes`` (everything printed). On ``cuda`` the address space is not bounded: the driver
    reserves hundreds of GiB of it; ``device_memory_bytes`` bounds what is taken of the GPU's own.
    """

    import_seconds: float = 20.0
    call_seconds: float = 20.0
    cpu_seconds: int = 180
    memory_bytes: int = 3072 * MIB
    address_space_bytes: int = 4096 * MIB
    processes: int = 64
    open_files: int = 256
    file_bytes: int = 64 * MIB
    scratch_bytes: int = 64 * MIB
    output_bytes: int = 256 * 1024
    device: Device = "cpu"
    device_memory_bytes: int = 16_384 * MIB
