"""The GPUs that questions and design cases are about."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from grader.costs.units import GB, TFLOP


@dataclass(frozen=True)
class Accelerator:
    """What one GPU can hold, read and compute, as its data sheet says.

    ``memory`` is in bytes, ``bandwidth`` in bytes per second between memory and chip,
    ``peak_flops`` in operations per second at bfloat16 without structured sparsity.
    """

    name: str
    memory: int
    bandwidth: int
    peak_flops: int
    source: str

    @property
    def ridge(self) -> Fraction:
        """Operations per byte at which reading takes as long as computing: peak / bandwidth.

        Below it work is bound by bandwidth, above it by arithmetic (the ridge point of the
        roofline model, Williams et al., 2009).
        """
        return Fraction(self.peak_flops, self.bandwidth)


# The data sheets print "GB" and do not say which: read as 10^9 it never promises too much memory.
# They give peaks with structured sparsity; the dense ones are half of that, to two or three digits.
H200: Final = Accelerator(
    "H200",
    memory=141 * GB,
    bandwidth=4_800 * GB,
    peak_flops=990 * TFLOP,
    source="NVIDIA H200 Tensor Core GPU, data sheet (SXM)",
)
H100: Final = Accelerator(
    "H100 SXM",
    memory=80 * GB,
    bandwidth=3_350 * GB,
    peak_flops=990 * TFLOP,
    source="NVIDIA H100 Tensor Core GPU, data sheet (SXM)",
)
A100: Final = Accelerator(
    "A100 80 GB",
    memory=80 * GB,
    bandwidth=2_040 * GB,
    peak_flops=312 * TFLOP,
    source="NVIDIA A100 Tensor Core GPU, data sheet (80 GB, SXM)",
)

# What a robot or a meeting room has in it. Its memory serves the processors and the GPU together.
JETSON: Final = Accelerator(
    "Jetson AGX Orin 64 GB",
    memory=64 * GB,
    bandwidth=204_800_000_000,
    peak_flops=42_500_000_000_000,
    source="NVIDIA Jetson AGX Orin series, technical brief: 170 TOPS of the GPU's tensor cores for "
    "sparse 8-bit integers, a quarter of which is the rate for dense 16-bit numbers",
)

ACCELERATORS: Final = (H200, H100, A100, JETSON)
