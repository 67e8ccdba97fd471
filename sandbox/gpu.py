"""The one GPU of a grading machine, or the slice of one, seen from outside a sandbox.

Which it is says ``SPARRING_GPU``: an index, a ``GPU-…`` or a ``MIG-…`` identifier. What a sandbox
needs of it (device nodes, the identifier) and how much of its memory is in use come from the
driver's management library. Tests play the library; docs/gpu.md says what a GPU showed.
"""

import contextlib
import importlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from sandbox.wire import SandboxUnavailable

GPU_VARIABLE = "SPARRING_GPU"
_SHARED_NODES = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")
_NEEDED_NODES = frozenset({"nvidiactl", "nvidia-uvm"})
_CAPABILITIES = "driver/nvidia/capabilities"


class Meter(Protocol):
    """Whatever tells how much memory of a device is in use."""

    def used_bytes(self) -> int:
        """Return the bytes in use, by whomever. Raises SandboxUnavailable."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU or MIG slice: ``identifier`` is what ``CUDA_VISIBLE_DEVICES`` takes."""

    identifier: str
    name: str
    nodes: tuple[Path, ...]


class NvmlMeter:
    """Reads the memory of one device, or slice, by the management library."""

    def __init__(self, library: Any, identifier: str) -> None:
        self._library = library
        self._handle = library.nvmlDeviceGetHandleByUUID(identifier)

    def used_bytes(self) -> int:
        """Return the bytes in use on the device. Raises SandboxUnavailable."""
        try:
            return int(self._library.nvmlDeviceGetMemoryInfo(self._handle).used)
        except self._library.NVMLError as fault:
            raise SandboxUnavailable(f"the GPU's memory cannot be read: {fault}") from fault


@cache
def management_library() -> Any:
    """Return pynvml, ready to be asked. Raises SandboxUnavailable, which says what is missing."""
    if not Path("/dev/nvidiactl").exists():
        raise SandboxUnavailable("this machine has no NVIDIA GPU: /dev/nvidiactl is missing")
    try:
        library = importlib.import_module("pynvml")
    except ImportError:
        raise SandboxUnavailable(
            "nvidia-ml-py is missing: pip install 'sparring[grader,gpu]'"
        ) from None
    try:
        library.nvmlInit()
    except library.NVMLError as fault:
        raise SandboxUnavailable(f"the NVIDIA driver does not answer: {fault}") from fault
    return library


def chosen() -> Gpu:
    """Return the GPU or slice that this machine judges on. Raises SandboxUnavailable."""
    return find(management_library(), os.environ.get(GPU_VARIABLE) or "0")


def meter(gpu: Gpu) -> Meter:
    """Return what reads its memory. Raises SandboxUnavailable."""
    return NvmlMeter(management_library(), gpu.identifier)


def find(library: Any, wanted: str, root: Path = Path("/")) -> Gpu:
    """Return a GPU or slice by its index or identifier. Raises SandboxUnavailable.

    Device nodes and the driver's own folder are looked for under ``root``.
    """
    try:
        if wanted.isascii() and wanted.isdigit():
            handle = library.nvmlDeviceGetHandleByIndex(int(wanted))
        else:
            handle = library.nvmlDeviceGetHandleByUUID(wanted)
        if library.nvmlDeviceIsMigDeviceHandle(handle):
            return _slice(library, handle, root)
        if _is_sliced(library, handle):
            raise SandboxUnavailable(
                f"GPU {wanted} is divided: set {GPU_VARIABLE} to the MIG-… identifier of a slice"
            )
        nodes = _nodes(root, library.nvmlDeviceGetMinorNumber(handle))
        return Gpu(_identifier(library, handle), _name(library, handle), nodes)
    except library.NVMLError as fault:
        raise SandboxUnavailable(f"GPU {wanted} is not to be had: {fault}") from fault


def _slice(library: Any, handle: Any, root: Path) -> Gpu:
    """Return a MIG slice: the nodes of its GPU and those that give access to the slice."""
    whole = library.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(handle)
    minor = library.nvmlDeviceGetMinorNumber(whole)
    outer = f"gpu{minor}/mig/gi{library.nvmlDeviceGetGpuInstanceId(handle)}"
    inner = f"{outer}/ci{library.nvmlDeviceGetComputeInstanceId(handle)}"
    caps = tuple(_capability(root, place) for place in (outer, inner))
    return Gpu(_identifier(library, handle), _name(library, handle), (*_nodes(root, minor), *caps))


def _capability(root: Path, place: str) -> Path:
    """Return the device node by which the driver knows who may use a part of a GPU."""
    file = root / "proc" / _CAPABILITIES / place / "access"
    try:
        lines = dict(line.split(": ", 1) for line in file.read_text().splitlines() if ": " in line)
        number = int(lines["DeviceFileMinor"])
    except (OSError, KeyError, ValueError):
        raise SandboxUnavailable(f"{file} does not name a device node") from None
    return _existing(root / "dev/nvidia-caps" / f"nvidia-cap{number}")


def _nodes(root: Path, minor: int) -> tuple[Path, ...]:
    nodes = [root / "dev" / name for name in _SHARED_NODES]
    present = [node for node in nodes if node.name in _NEEDED_NODES or node.exists()]
    return tuple(_existing(node) for node in [*present, root / "dev" / f"nvidia{minor}"])


def _existing(node: Path) -> Path:
    if not node.exists():
        raise SandboxUnavailable(f"the device node {node} is missing")
    return node


def _is_sliced(library: Any, handle: Any) -> bool:
    with contextlib.suppress(library.NVMLError):  # most GPUs cannot be divided, and say so thus
        return bool(library.nvmlDeviceGetMigMode(handle)[0])
    return False


def _identifier(library: Any, handle: Any) -> str:
    return _text(library.nvmlDeviceGetUUID(handle))


def _name(library: Any, handle: Any) -> str:
    return _text(library.nvmlDeviceGetName(handle))


def _text(value: str | bytes) -> str:
    """Return a text that older versions of the library give as bytes."""
    return value.decode() if isinstance(value, bytes) else value
