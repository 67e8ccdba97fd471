"""What a sandbox on a GPU is shown beyond any other: device nodes, the driver, a C compiler.

The compiler is there because Triton builds a small launcher for each kernel; so are the headers
that this takes.
"""

import shutil
import sysconfig
from functools import cache
from pathlib import Path

from sandbox import gpu
from sandbox.bubblewrap import Bind, Extra, visible
from sandbox.gpu import Gpu
from sandbox.wire import SandboxUnavailable

_SEARCH = "/usr/local/bin:/usr/bin:/bin"
#: Where programs of the host appear inside, and the only folder in which they are looked for.
PROGRAMS = "/usr/bin"
_COMPILER = ("gcc", "as", "ld")
_HEADERS = Path("/usr/include")
_DRIVER_FOLDERS = (
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/nvidia/lib64",
    "/usr/lib/wsl/lib",
    "/run/opengl-driver/lib",
)
_DRIVER = "libcuda.so.1"
_DRIVERS_FILES = Path("/proc/driver/nvidia")
_SCRATCH = "/tmp"  # noqa: S108  (inside; its own tmpfs)


@cache
def furnished() -> Extra:
    """Return what the sandboxes of this machine's GPU are shown. Raises SandboxUnavailable."""
    return around(gpu.chosen(), driver_folder())


def around(device: Gpu, driver: Path) -> Extra:
    """Return what sandboxes on this device are shown; the driver's libraries lie in ``driver``."""
    binds = [bind for bind in (Bind(driver, str(driver)), *compiler()) if not _shown(bind)]
    late = [Bind(_DRIVERS_FILES, str(_DRIVERS_FILES))] if _DRIVERS_FILES.is_dir() else []
    return Extra(tuple(binds), tuple(late), device.nodes, _environment(device, driver))


def driver_folder(folders: tuple[str, ...] = _DRIVER_FOLDERS) -> Path:
    """Return the folder of the driver's library. Raises SandboxUnavailable.

    Where only a link to it is in a usual place, that is the folder which the link leads to.
    """
    for folder in map(Path, folders):
        if (folder / _DRIVER).exists():
            return (folder / _DRIVER).resolve().parent
    raise SandboxUnavailable(f"the CUDA driver's {_DRIVER} is in none of {', '.join(folders)}")


def compiler() -> list[Bind]:
    """Return what compiles a kernel's launcher; empty where this machine has no compiler."""
    found = {name: shutil.which(name, path=_SEARCH) for name in _COMPILER}
    if not all(found.values()):
        return []
    # Each program under its plain name: links that lead to it would lead nowhere inside.
    programs = [
        Bind(Path(path).resolve(), f"{PROGRAMS}/{name}") for name, path in found.items() if path
    ]
    headers = [_HEADERS, Path(sysconfig.get_path("include")).resolve(), Path("/usr/libexec/gcc")]
    return [*programs, *(Bind(path, str(path)) for path in headers if path.is_dir())]


def _shown(bind: Bind) -> bool:
    """Tell whether a path is seen inside already, at its own place."""
    own = str(bind.source) == bind.target
    shown = [one.source for one in visible() if str(one.source) == one.target]
    return own and any(bind.source.is_relative_to(source) for source in shown)


def _environment(device: Gpu, driver: Path) -> tuple[tuple[str, str], ...]:
    return (
        ("CUDA_VISIBLE_DEVICES", device.identifier),
        ("CUDA_CACHE_PATH", f"{_SCRATCH}/cuda"),
        ("LD_LIBRARY_PATH", str(driver)),
        ("PATH", PROGRAMS),
        ("CC", f"{PROGRAMS}/gcc"),
        ("TRITON_CACHE_DIR", f"{_SCRATCH}/triton"),
        ("TRITON_LIBCUDA_PATH", str(driver)),
        # torch.compile asks for the user's name, which is in no file here; and would compile in
        # processes that stay.
        ("USER", "learner"),
        ("TORCHINDUCTOR_CACHE_DIR", f"{_SCRATCH}/inductor"),
        ("TORCHINDUCTOR_COMPILE_THREADS", "1"),
    )
