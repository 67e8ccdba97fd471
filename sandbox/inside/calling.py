"""One call of the learner's function: inputs mapped, the result looked at and copied out.

On a GPU the inputs are copied there anew for each call, and the result is copied back when the
device has done all that it was asked to.
"""

import contextlib
import mmap
import os
from collections.abc import Sequence
from typing import Any

from sandbox.inside import allocator
from sandbox.inside.peers import Ring
from sandbox.inside.requests import Callee, Refused, Request


def call(torch: Any, callee: Callee, request: Request, fds: Sequence[int]) -> tuple[Any, str]:
    """Run the learner's function once and copy its result out.

    Return what must be kept until the next request, and what there is to say.
    """
    tensors, maps = mapped(torch, request, fds)
    tensors = placed(tensors, request["device"])
    positional, named = arguments(tensors, request)
    ranges = [extent(tensor) for tensor in tensors]
    positional += extras(torch, callee, request, fds[len(tensors) + 1 :])
    allocator.treat(request["freed"])
    with counting(torch, request["count"]) as counter:
        result = callee.function(*positional, **named)
    finish(torch, request["device"])
    check_result(torch, result, request, ranges)
    copy_out(torch, result, request["output"], fds[len(tensors)])
    said = str(int(counter.get_total_flops())) if request["count"] else ""
    return (maps if request["private"] else None), said


def mapped(torch: Any, request: Request, fds: Sequence[int]) -> tuple[list[Any], list[mmap.mmap]]:
    """Return the inputs as tensors, and the maps that they lie in."""
    tensors, maps = [], []
    for spec, fd in zip(request["inputs"], fds, strict=False):
        dtype = getattr(torch, spec["dtype"])
        if 0 in spec["shape"]:
            tensors.append(torch.empty(spec["shape"], dtype=dtype))
            continue
        maps.append(map_input(fd, request["private"]))
        tensors.append(torch.frombuffer(maps[-1], dtype=dtype).view(spec["shape"]))
    return tensors, maps


def placed(tensors: Sequence[Any], device: str) -> list[Any]:
    """Return the tensors on the device that the learner's code is called with."""
    return [tensor if device == "cpu" else tensor.to(device) for tensor in tensors]


def finish(torch: Any, device: str) -> None:
    """Wait until a device that works by itself has done all that it was asked to."""
    if device != "cpu":
        torch.cuda.synchronize()


def arguments(tensors: Sequence[Any], request: Request) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments by position and by name."""
    positional, named = [], dict(request["parameters"])
    for spec, tensor in zip(request["inputs"], tensors, strict=True):
        if spec["keyword"]:
            named[spec["name"]] = tensor
        else:
            positional.append(tensor)
    return positional, named


def extras(torch: Any, callee: Callee, request: Request, fds: Sequence[int]) -> list[Any]:
    """Return what follows the tensors by position: the kept state, or the ring."""
    if request["state"] == "new":
        callee.state = {}
    if request["state"] != "none":
        return [callee.state]
    if request["ring"]:
        return [Ring(torch, fds[0], device=request["device"], **request["ring"])]
    return []


def extent(tensor: Any) -> tuple[int, int]:
    """Return the first address of a contiguous tensor, and the first beyond it."""
    start = tensor.data_ptr()
    return start, start + tensor.numel() * tensor.element_size()


def counting(torch: Any, wanted: bool) -> Any:
    """Return a context that counts floating-point operations, or one that does nothing."""
    if not wanted:
        return contextlib.nullcontext()
    from torch.utils.flop_counter import FlopCounterMode

    def flash(q: Any, k: Any, v: Any, *rest: Any, **_: Any) -> int:
        # Shapes come for tensors: [batch, heads, n, d]. Dropout, then whether it is causal.
        causal = len(rest) > 1 and rest[1] is True
        pairs = q[0] * q[1] * q[2] * k[2]
        return int(2 * pairs * (q[3] + v[3])) // (2 if causal else 1)

    kernel = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
    return FlopCounterMode(display=False, custom_mapping={kernel: flash})


def map_input(fd: int, private: bool) -> mmap.mmap:
    """Map one input; shared ones can only be read, private ones are copies on write."""
    size = os.fstat(fd).st_size
    if private:
        return mmap.mmap(fd, size, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
    flags = mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0)
    return mmap.mmap(fd, size, flags, mmap.PROT_READ)


def check_result(
    torch: Any, result: Any, request: Request, inputs: Sequence[tuple[int, int]]
) -> None:
    """Refuse whatever is not exactly the tensor that was asked for."""
    wanted, device = request["output"], request["device"]
    shape = tuple(wanted["shape"])
    if type(result) is not torch.Tensor:
        kind = type(result).__name__[:60]
        subclass = " (a subclass of torch.Tensor)" if isinstance(result, torch.Tensor) else ""
        raise Refused("wrong_shape", f"expected a torch.Tensor, got {kind}{subclass}")
    if tuple(result.shape) != shape:
        raise Refused(
            "wrong_shape", f"expected a tensor of shape {shape}, got {tuple(result.shape)}"
        )
    if result.dtype != getattr(torch, wanted["dtype"]):
        raise Refused("wrong_shape", f"expected dtype torch.{wanted['dtype']}, got {result.dtype}")
    if result.device.type != device:
        raise Refused("wrong_shape", f"expected a tensor on {device}, got one on {result.device}")
    if result.layout != torch.strided:
        raise Refused("wrong_shape", f"expected a dense tensor, got layout {result.layout}")
    storage = result.untyped_storage()
    start, end = storage.data_ptr(), storage.data_ptr() + storage.nbytes()
    if any(start < high and low < end for low, high in inputs):
        raise Refused("wrong_shape", "the result shares memory with an input: return a new tensor")


def copy_out(torch: Any, result: Any, wanted: Request, fd: int) -> None:
    """Write the result to the judge's buffer."""
    output_map(torch, wanted, fd).copy_(result.detach())


def output_map(torch: Any, wanted: Request, fd: int) -> Any:
    """Return the judge's buffer as a tensor."""
    flags = mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0)
    buffer = mmap.mmap(fd, os.fstat(fd).st_size, flags)
    return torch.frombuffer(buffer, dtype=getattr(torch, wanted["dtype"])).view(wanted["shape"])
