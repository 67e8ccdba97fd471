"""The only file that shares a process with a learner's code.

Runs inside the sandbox, alone: no package of this project is around it. It imports torch, says that
it is ready, and then serves requests from one inherited socket: first ``load``, then any number of
``call``. Everything here is at the learner's mercy once their code has run, so nothing that decides
a verdict is decided here: a false answer can only harm the one who gives it (see THREATS.md).
"""

import ast
import gc
import inspect
import itertools
import json
import linecache
import mmap
import os
import resource
import socket
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Sequence
from typing import Any

FILENAME = "submission.py"
PACKAGES = "/packages"
MAX_REQUEST_BYTES = 1 << 17
MAX_DETAIL = 8_000
Request = dict[str, Any]
Function = Callable[..., Any]
OUT_OF_MEMORY_WORDS = ("can't allocate memory", "not enough memory", "out of memory")


class Refused(Exception):  # noqa: N818
    """The request ends here with this outcome."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def warm(threads: int) -> types.ModuleType:
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
    return torch


def load(request: Request, fds: Sequence[int]) -> Function:
    """Return the learner's function. Raises Refused."""
    with open(fds[0], "rb", closefd=False) as file:
        raw = file.read()
    try:
        source = raw.decode("utf-8-sig")
        tree = ast.parse(source, FILENAME)
        code = compile(source, FILENAME, "exec", dont_inherit=True)
    except (SyntaxError, UnicodeDecodeError, ValueError, RecursionError, MemoryError) as fault:
        raise Refused("invalid", "".join(traceback.format_exception_only(fault))) from None
    for name in request["ruled_out"]:
        line = place_of(name, tree)
        if line:
            raise Refused("invalid", f"line {line} names {name}, which this exercise rules out")
    linecache.cache[FILENAME] = (len(source), None, source.splitlines(keepends=True), FILENAME)
    module = types.ModuleType("submission")
    module.__file__ = FILENAME
    sys.modules["submission"] = module
    exec(code, module.__dict__)  # noqa: S102  (what this file is for)
    function: Function | None = module.__dict__.get(request["function"])
    if not callable(function):
        raise Refused("invalid", f"the file defines no function named {request['function']}")
    check_signature(function, request)
    return function


def place_of(name: str, tree: ast.AST) -> int:
    """Return the first line that names ``name``: identifier, attribute or string; 0 for none."""
    for node in ast.walk(tree):
        words: list[str] = []
        if isinstance(node, ast.Name):
            words = [node.id]
        elif isinstance(node, ast.Attribute):
            words = [node.attr]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            words = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = [node.value.strip()]
        if any(name in word.split(".") for word in words):
            return int(getattr(node, "lineno", 0))
    return 0


def check_signature(function: Function, request: Request) -> None:
    """Refuse a function that cannot take the call."""
    names = list(request["positional"]) + [f"{name}={name}" for name in request["keywords"]]
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*request["positional"], **dict.fromkeys(request["keywords"]))
    except TypeError as fault:
        wanted = f"{request['function']}({', '.join(names)})"
        written = f"{request['function']}{signature}"[:300]
        raise Refused("invalid", f"{written} cannot take the call {wanted}: {fault}") from None


def call(torch: Any, function: Function, request: Request, fds: Sequence[int]) -> Any:
    """Run the learner's function once and copy its result out; return what must be kept."""
    private = request["private"]
    maps: list[mmap.mmap] = []
    tensors: list[Any] = []
    for spec, fd in zip(request["inputs"], fds, strict=False):
        maps.append(map_input(fd, private))
        flat = torch.frombuffer(maps[-1], dtype=getattr(torch, spec["dtype"]))
        tensors.append(flat.view(spec["shape"]))
    ranges = [(t.data_ptr(), t.data_ptr() + t.numel() * t.element_size()) for t in tensors]
    result = function(*tensors, **request["parameters"])
    check_result(torch, result, request["output"], ranges)
    copy_out(torch, result, request["output"], fds[-1])
    return maps if private else None


def map_input(fd: int, private: bool) -> mmap.mmap:
    """Map one input; shared ones can only be read, private ones are copies on write."""
    size = os.fstat(fd).st_size
    if private:
        return mmap.mmap(fd, size, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
    flags = mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0)
    return mmap.mmap(fd, size, flags, mmap.PROT_READ)


def check_result(
    torch: Any, result: Any, wanted: Request, inputs: Sequence[tuple[int, int]]
) -> None:
    """Refuse whatever is not exactly the tensor that was asked for."""
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
    if result.device.type != "cpu":
        raise Refused("wrong_shape", f"expected a tensor on cpu, got one on {result.device}")
    if result.layout != torch.strided:
        raise Refused("wrong_shape", f"expected a dense tensor, got layout {result.layout}")
    storage = result.untyped_storage()
    start, end = storage.data_ptr(), storage.data_ptr() + storage.nbytes()
    if any(start < high and low < end for low, high in inputs):
        raise Refused("wrong_shape", "the result shares memory with an input: return a new tensor")


def copy_out(torch: Any, result: Any, wanted: Request, fd: int) -> None:
    """Write the result to the judge's buffer."""
    buffer = mmap.mmap(fd, os.fstat(fd).st_size, mmap.MAP_SHARED)
    target = torch.frombuffer(buffer, dtype=getattr(torch, wanted["dtype"]))
    target.view(wanted["shape"]).copy_(result.detach())


def out_of_memory(fault: BaseException) -> bool:
    """Tell whether an exception says that memory ran out."""
    if isinstance(fault, MemoryError):
        return True
    return isinstance(fault, RuntimeError) and any(w in str(fault) for w in OUT_OF_MEMORY_WORDS)


def told(fault: BaseException) -> str:
    """Return the traceback of an exception with only the learner's own frames."""
    try:
        story = traceback.TracebackException.from_exception(fault, compact=True)
        own_frames(story)
        pieces, length = [], 0
        for piece in itertools.islice(story.format(), 4_000):
            pieces.append(piece)
            length += len(piece)
            if length > 100 * MAX_DETAIL:
                break
        return "".join(pieces)
    except BaseException:  # noqa: BLE001  (whatever a hostile __str__ raises)
        return f"{type(fault).__name__} (its text could not be made)"


def own_frames(story: traceback.TracebackException | None) -> None:
    """Drop every frame that is not of the submission, along the chain of causes."""
    seen: set[int] = set()
    while story is not None and id(story) not in seen:
        seen.add(id(story))
        frames = [frame for frame in story.stack if frame.filename == FILENAME]
        story.stack = traceback.StackSummary.from_list(frames)
        story = story.__cause__ or story.__context__


def bounded(text: str) -> str:
    """Cut a text in its middle, where it is least missed."""
    if len(text) <= MAX_DETAIL:
        return text
    return text[: MAX_DETAIL // 2 - 10] + "\n  […]\n" + text[-MAX_DETAIL // 2 :]


def answer(channel: socket.socket, nonce: str, outcome: str, detail: str) -> None:
    """Say how a request ended."""
    message = {"nonce": nonce, "outcome": outcome, "detail": bounded(detail)}
    channel.send(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace"))


def serve(torch: Any, channel: socket.socket) -> None:
    """Answer requests until the judge hangs up."""
    home = os.getpid()
    function: Function = len  # nothing is called before it is loaded
    answer(channel, "", "done", "")
    while True:
        raw, fds, _, _ = socket.recv_fds(channel, MAX_REQUEST_BYTES, 16)
        if not raw:
            os._exit(0)
        request = json.loads(raw)
        outcome, detail = "done", ""
        _kept = None  # what the judge still looks at goes only when the next request is there
        try:
            if request["do"] == "load":
                function = load(request, fds)
            else:
                _kept = call(torch, function, request, fds)
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


def rehearse(torch: Any) -> None:
    """Load and call a function of ours once, so that the learner's first time is no slower."""
    source = b"import torch\n\n\ndef rehearsal(x):\n    return x + 1\n"
    fds = [scratch_file(raw) for raw in (source, bytes(16), bytes(16))]
    names = {"function": "rehearsal", "positional": ["x"], "keywords": [], "ruled_out": []}
    four = {"dtype": "float32", "shape": [4]}
    request = {"inputs": [four], "parameters": {}, "output": four, "private": False}
    call(torch, load(names, fds), request, fds[1:])
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
    torch = warm(settings["threads"])
    rehearse(torch)
    restrict(settings["limits"])
    gc.collect()
    gc.freeze()
    serve(torch, channel)


if __name__ == "__main__":
    main()
