"""The process that runs a learner's code: a warm Python that serves requests from one socket.

It imports torch, says that it is ready, and then answers: first ``load``, then any number of
``call``.
"""

import gc
import json
import linecache
import os
import resource
import socket
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

from sandbox.inside.calling import call
from sandbox.inside.gpu import warm_gpu
from sandbox.inside.loading import load
from sandbox.inside.requests import FILENAME, Callee, Refused
from sandbox.inside.stepping import steps
from sandbox.inside.telling import answer, out_of_memory, told

PACKAGES = "/packages"
MAX_REQUEST_BYTES = 1 << 17
_REHEARSAL = b"""
import math

import torch

ONE = torch.ones(8, 8) @ torch.arange(8.0)[:, None]


def rehearsal(x):
    return (x @ x.mT / math.sqrt(x.shape[-1])).softmax(-1) @ x
"""


def warm(threads: int, device: str = "cpu") -> types.ModuleType:
    """Import torch and run what first calls are slow at, so that no call is a first one."""
    sys.path.append(PACKAGES)
    import numpy  # noqa: F401
    import torch

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.set_grad_enabled(False)
    warnings.filterwarnings("ignore", message="The given buffer is not writable")
    x = torch.randn(1, 2, 64, 64)
    torch.softmax(x @ x.mT, -1).sum().item()
    torch.nn.functional.scaled_dot_product_attention(x, x, x, is_causal=True)
    torch.nn.functional.scaled_dot_product_attention(x, x, x, attn_mask=torch.ones(64, 64).bool())
    if device == "cuda":
        warm_gpu(torch)
    return torch


def received(channel: socket.socket) -> tuple[bytes, list[int]]:
    """Return the next request and the memory files that came with it; no bytes at the end."""
    raw, fds, _, _ = socket.recv_fds(channel, MAX_REQUEST_BYTES, 16)
    return raw, fds


def serve(
    torch: Any,
    channel: socket.socket,
    device: str = "cpu",
    receive: Callable[[socket.socket], tuple[bytes, list[int]]] = received,
) -> None:
    """Answer requests until the judge hangs up; functions get and give tensors on ``device``."""
    home = os.getpid()
    callee = Callee(len)  # nothing is called before it is loaded
    answer(channel, "", "done", "")
    while True:
        raw, fds = receive(channel)
        if not raw:
            os._exit(0)
        request = {**json.loads(raw), "device": device}
        outcome, detail = "done", ""
        _kept = None  # what the judge still looks at goes only when the next request is there
        try:
            if request["do"] == "load":
                callee = Callee(load(request, fds))
            else:
                run = call if request["do"] == "call" else steps
                _kept, detail = run(torch, callee, request, fds)
        except Refused as refusal:
            outcome, detail = refusal.outcome, refusal.detail
        except BaseException as fault:  # noqa: BLE001  (SystemExit too)
            outcome = "out_of_memory" if out_of_memory(fault) else "raised"
            detail = told(fault)
        for fd in fds:
            os.close(fd)
        if os.getpid() != home:  # a child of the learner's that came back here
            os._exit(1)
        answer(channel, request["nonce"], outcome, detail)


def rehearse(torch: Any, device: str = "cpu") -> None:
    """Load and call a function of ours once, so that the learner's first time is no slower."""
    fds = [scratch_file(raw) for raw in (_REHEARSAL, bytes(256), bytes(256))]
    names = {"function": "rehearsal", "positional": ["x"], "keywords": [], "ruled_out": []}
    small = {"dtype": "float32", "shape": [1, 1, 8, 8]}
    request = {
        "inputs": [{**small, "name": "x", "keyword": False}],
        "parameters": {},
        "output": small,
        "private": False,
        "state": "none",
        "ring": None,
        "count": False,
        "freed": "",
        "device": device,
    }
    call(torch, Callee(load(names, fds)), request, fds[1:])
    for fd in fds:
        os.close(fd)
    del sys.modules["submission"], linecache.cache[FILENAME]


def scratch_file(raw: bytes) -> int:
    """Return a file without a name that holds these bytes."""
    fd = os.open("rehearsal", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.unlink("rehearsal")  # noqa: PTH108
    os.pwrite(fd, raw, 0)
    return fd


def restrict(limits: dict[str, int]) -> None:
    """Set hard limits that nothing in here can raise again; ``limits`` are by name."""
    for name, value in limits.items():
        limit = getattr(resource, f"RLIMIT_{name}")
        resource.setrlimit(limit, (value, value + 1 if name == "CPU" else value))


def main() -> None:
    """Serve on the socket that is inherited, with the limits and threads that are given."""
    settings = json.loads(sys.argv[1])
    sys.argv[:] = [FILENAME]
    channel = socket.socket(fileno=settings["socket"])
    channel.set_inheritable(False)
    device = settings["device"]
    torch = warm(settings["threads"], device)
    rehearse(torch, device)
    restrict(settings["limits"])
    gc.collect()
    gc.freeze()
    serve(torch, channel, device)
