"""The other ranks of a ring, as a submission sees them."""

import os
import socket
import struct
from typing import Any

_HEADER = struct.Struct("<16sI8Q")
_MOST_AXES = 8
_BROKEN = "another rank of the ring has ended"


class Ring:
    """The ranks that hold the shards of one sequence; ``rank`` counts from 0 to ``size`` - 1."""

    def __init__(self, torch: Any, fd: int, rank: int, size: int, device: str = "cpu") -> None:
        self.rank = rank
        self.size = size
        self._device = device
        self._torch = torch
        self._channel = socket.socket(fileno=os.dup(fd))

    def shift(self, tensor: Any) -> Any:
        """Send a tensor to the next rank; return, new, what the previous rank sent.

        Every rank must call it. Raises TypeError for what is not a tensor, ConnectionError when
        another rank has ended.
        """
        if not isinstance(tensor, self._torch.Tensor):
            raise TypeError(f"ring.shift takes a tensor, not {type(tensor).__name__}")
        if tensor.ndim > _MOST_AXES:
            raise TypeError(f"ring.shift takes a tensor of at most {_MOST_AXES} axes")
        plain = tensor.detach().cpu().contiguous()
        raw = plain.reshape(-1).view(self._torch.uint8) if plain.numel() else plain
        dtype = str(plain.dtype).removeprefix("torch.").encode()
        shape = [*plain.shape, *[0] * (_MOST_AXES - plain.ndim)]
        try:
            self._channel.sendall(_HEADER.pack(dtype, plain.ndim, *shape))
            self._channel.sendall(raw.numpy() if plain.numel() else b"")
        except OSError:
            raise ConnectionError(_BROKEN) from None
        return self._received()

    def _received(self) -> Any:
        name, axes, *shape = _HEADER.unpack(self._exactly(_HEADER.size))
        dtype = getattr(self._torch, name.rstrip(b"\0").decode())
        tensor = self._torch.empty(shape[:axes], dtype=dtype, device="cpu")
        if tensor.numel():
            flat = tensor.reshape(-1).view(self._torch.uint8)
            raw = self._exactly(flat.numel())
            flat.copy_(self._torch.frombuffer(raw, dtype=self._torch.uint8))
        return tensor if self._device == "cpu" else tensor.to(self._device)

    def _exactly(self, size: int) -> bytearray:
        raw = bytearray(size)
        view = memoryview(raw)
        while view:
            got = self._channel.recv_into(view)
            if not got:
                raise ConnectionError(_BROKEN)
            view = view[got:]
        return raw
