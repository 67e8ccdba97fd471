"""Many calls in one request, as in decoding: a step's inputs appear when the last is answered."""

import os
import socket
from collections.abc import Sequence
from typing import Any

from sandbox.inside import calling
from sandbox.inside.requests import Callee, Request


def steps(torch: Any, callee: Callee, request: Request, fds: Sequence[int]) -> tuple[Any, str]:
    """Run the learner's function once a step, the kept state after the tensors.

    Inputs and outputs have the steps along their first axis.
    """
    tensors, maps = calling.mapped(torch, request, fds)
    target = calling.output_map(torch, request["output"], fds[len(tensors)])
    device = request["device"]
    step_output = {**request["output"], "shape": request["output"]["shape"][1:]}
    wanted = {"output": step_output, "device": device}
    whole = [calling.extent(tensor) for tensor in tensors]
    if request["state"] == "new":
        callee.state = {}
    channel = socket.socket(fileno=os.dup(fds[-1]))
    for step in range(request["steps"]):
        if not channel.recv(1):
            break
        inputs = calling.placed([tensor[step] for tensor in tensors], device)
        ranges = whole if device == "cpu" else [calling.extent(tensor) for tensor in inputs]
        result = callee.function(*inputs, callee.state, **request["parameters"])
        calling.finish(torch, device)
        calling.check_result(torch, result, wanted, ranges)
        target[step].copy_(result.detach())
        channel.send(b".")
    return (maps if request["private"] else None), ""
