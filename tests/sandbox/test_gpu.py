"""What a sandbox on a GPU is shown, refused and told, as far as it can be known without a GPU.

The management library is played by a stand-in that answers as the documentation of NVML says.
"""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox import bubblewrap, gpu, gpu_room, launch, seccomp
from sandbox.bubblewrap import Handed
from sandbox.gpu import Gpu, NvmlMeter, find
from sandbox.inside import confining
from sandbox.limits import Limits
from sandbox.wire import SandboxUnavailable

WHOLE, SLICE = "GPU-11", "MIG-22"


class NvmlFault(Exception):  # noqa: N818
    """As the library's own."""


class Nvml:
    """A machine with one GPU of minor number 3, divided or not, whose memory use can be set."""

    NVMLError = NvmlFault

    def __init__(self, *, divided: bool = False, used: int = 0) -> None:
        self.divided, self.used = divided, used

    def nvmlDeviceGetHandleByIndex(self, index: int) -> str:
        if index:
            raise NvmlFault("Invalid Argument")
        return WHOLE

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> str:
        if uuid not in (WHOLE, SLICE):
            raise NvmlFault("Not Found")
        return uuid

    def nvmlDeviceIsMigDeviceHandle(self, handle: str) -> int:
        return int(handle == SLICE)

    def nvmlDeviceGetMigMode(self, handle: str) -> list[int]:
        if not self.divided:
            raise NvmlFault("Not Supported")
        return [1, 1]

    def nvmlDeviceGetDeviceHandleFromMigDeviceHandle(self, handle: str) -> str:
        assert handle == SLICE
        return WHOLE

    def nvmlDeviceGetMinorNumber(self, handle: str) -> int:
        assert handle == WHOLE
        return 3

    def nvmlDeviceGetGpuInstanceId(self, handle: str) -> int:
        return 7

    def nvmlDeviceGetComputeInstanceId(self, handle: str) -> int:
        return 0

    def nvmlDeviceGetUUID(self, handle: str) -> bytes:
        return handle.encode()

    def nvmlDeviceGetName(self, handle: str) -> str:
        return "a stand-in"

    def nvmlDeviceGetMemoryInfo(self, handle: str) -> Any:
        if self.used < 0:
            raise NvmlFault("Unknown Error")
        return SimpleNamespace(used=self.used)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The device nodes and the driver's folder of such a machine."""
    (tmp_path / "dev/nvidia-caps").mkdir(parents=True)
    for name in ("nvidiactl", "nvidia-uvm", "nvidia3", "nvidia-caps/nvidia-cap66"):
        (tmp_path / "dev" / name).touch()
    (tmp_path / "dev/nvidia-caps/nvidia-cap67").touch()
    for place, number in (("gi7", 66), ("gi7/ci0", 67)):
        access = tmp_path / "proc/driver/nvidia/capabilities/gpu3/mig" / place / "access"
        access.parent.mkdir(parents=True)
        access.write_text(f"DeviceFileMinor: {number}\nDeviceFileMode: 292\n")
    return tmp_path


@pytest.mark.parametrize("wanted", ["0", WHOLE])
def test_a_gpu_is_found_by_its_index_or_its_identifier(root: Path, wanted: str) -> None:
    found = find(Nvml(), wanted, root)
    assert found.identifier == WHOLE
    assert [node.name for node in found.nodes] == ["nvidiactl", "nvidia-uvm", "nvidia3"]


def test_a_slice_comes_with_the_nodes_that_give_access_to_it(root: Path) -> None:
    found = find(Nvml(divided=True), SLICE, root)
    assert found.identifier == SLICE
    names = [node.name for node in found.nodes]
    assert names == ["nvidiactl", "nvidia-uvm", "nvidia3", "nvidia-cap66", "nvidia-cap67"]


def test_a_node_that_only_some_drivers_have_is_shown_where_it_is(root: Path) -> None:
    (root / "dev/nvidia-uvm-tools").touch()
    assert "nvidia-uvm-tools" in [node.name for node in find(Nvml(), "0", root).nodes]


@pytest.mark.parametrize("wanted", ["1", "GPU-99"])
def test_a_gpu_that_is_not_there_is_refused(root: Path, wanted: str) -> None:
    with pytest.raises(SandboxUnavailable, match="not to be had"):
        find(Nvml(), wanted, root)


def test_a_divided_gpu_is_not_used_as_a_whole(root: Path) -> None:
    with pytest.raises(SandboxUnavailable, match="identifier of a slice"):
        find(Nvml(divided=True), "0", root)


def test_a_missing_node_is_named(root: Path) -> None:
    (root / "dev/nvidia-uvm").unlink()
    with pytest.raises(SandboxUnavailable, match="nvidia-uvm is missing"):
        find(Nvml(), "0", root)


def test_a_slice_whose_node_the_driver_does_not_tell_is_refused(root: Path) -> None:
    (root / "proc/driver/nvidia/capabilities/gpu3/mig/gi7/ci0/access").write_text("?\n")
    with pytest.raises(SandboxUnavailable, match="does not name a device node"):
        find(Nvml(divided=True), SLICE, root)


def test_memory_in_use_is_read_from_the_library() -> None:
    assert NvmlMeter(Nvml(used=5 << 30), WHOLE).used_bytes() == 5 << 30


def test_memory_that_cannot_be_read_is_our_failure() -> None:
    with pytest.raises(SandboxUnavailable):
        NvmlMeter(Nvml(used=-1), WHOLE).used_bytes()


@pytest.mark.skipif(Path("/dev/nvidiactl").exists(), reason="this machine has a GPU")
def test_a_machine_without_a_gpu_says_what_is_missing() -> None:
    with pytest.raises(SandboxUnavailable, match="/dev/nvidiactl is missing"):
        gpu.chosen()


# -- the command line ------------------------------------------------------------------------------


@pytest.fixture
def command(root: Path) -> list[str]:
    device = find(Nvml(), "0", root)
    driver = root / "driver"
    driver.mkdir()
    extra = gpu_room.around(device, driver)
    limits = Limits(device="cuda")
    binds = bubblewrap.visible()
    return bubblewrap.arguments("bwrap", binds, limits, 1, Handed(3, 4), extra=extra)


def _words_after(command: list[str], *words: str) -> list[str]:
    """Return what follows each place where these words stand in the whole command line."""
    whole = " ".join(command)
    first = " ".join(words) + " "
    return [rest.split()[0] for rest in whole.split(first)[1:]]


def test_the_nodes_of_the_one_gpu_are_bound_before_dev_is_closed(
    command: list[str], root: Path
) -> None:
    whole = " ".join(command)
    for name in ("nvidiactl", "nvidia-uvm", "nvidia3"):
        place = whole.index(f"--dev-bind {root}/dev/{name} ")
        assert whole.index("--dev /dev") < place < whole.index("--remount-ro /dev")


def test_the_process_is_told_of_the_one_gpu_alone(command: list[str]) -> None:
    assert _words_after(command, "--setenv", "CUDA_VISIBLE_DEVICES") == [WHOLE]


def test_kernels_are_compiled_in_the_private_folder(command: list[str]) -> None:
    assert _words_after(command, "--setenv", "TRITON_CACHE_DIR") == ["/tmp/triton"]


def test_addresses_are_not_bounded_on_a_gpu(command: list[str]) -> None:
    settings = json.loads(command[-1])
    assert settings["device"] == "cuda"
    assert "AS" not in settings["limits"]
    assert settings["limits"]["NPROC"] == Limits().processes


def test_without_a_gpu_no_node_and_no_compiler_is_shown() -> None:
    whole = " ".join(launch._command(Limits(), 1, Handed(3, 4)))
    assert "--dev-bind" not in whole
    assert "/usr/bin/gcc" not in whole


@pytest.mark.skipif(not gpu_room.compiler(), reason="this machine has no C compiler")
def test_the_compiler_is_shown_under_its_plain_name() -> None:
    targets = {bind.target for bind in gpu_room.compiler()}
    assert {"/usr/bin/gcc", "/usr/bin/as", "/usr/bin/ld"} <= targets
    assert all(not bind.source.is_symlink() for bind in gpu_room.compiler())


def test_a_gpu_that_is_asked_for_and_not_there_starts_no_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> bubblewrap.Extra:
        raise SandboxUnavailable("no GPU")

    monkeypatch.setattr(gpu_room, "furnished", missing)
    with pytest.raises(SandboxUnavailable, match="no GPU"):
        launch.start(Limits(device="cuda"), 1)


def test_the_drivers_folder_is_the_first_that_holds_its_library(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    (tmp_path / "second/libcuda.so.1").touch()
    folders = (str(tmp_path / "first"), str(tmp_path / "second"))
    assert gpu_room.driver_folder(folders) == tmp_path / "second"


def test_a_link_to_the_driver_is_followed_for_inside_it_would_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    (tmp_path / "driver").mkdir()
    (tmp_path / "driver/libcuda.so.580").touch()
    (tmp_path / "driver/libcuda.so.1").symlink_to("libcuda.so.580")
    (tmp_path / "usual/libcuda.so.1").symlink_to(tmp_path / "driver/libcuda.so.1")
    assert gpu_room.driver_folder((str(tmp_path / "usual"),)) == tmp_path / "driver"


def test_a_missing_driver_is_named() -> None:
    with pytest.raises(SandboxUnavailable, match=r"libcuda\.so\.1"):
        gpu_room.driver_folder(("/nowhere",))


def test_what_is_shown_already_is_not_shown_twice() -> None:
    shown = gpu_room.around(Gpu(WHOLE, "", ()), Path("/usr/lib/python3"))
    seen = {bind.source for bind in bubblewrap.visible()}
    if Path("/usr/lib") in seen:
        assert Path("/usr/lib/python3") not in {bind.source for bind in shown.binds}


COMPILES = r"""'%s %s'
import ctypes, subprocess, sysconfig
with open('m.c', 'w') as file:
    file.write('#include <Python.h>\nint answer(void) { return 42; }\n')
headers = '-I' + sysconfig.get_paths()['include']
subprocess.run(['gcc', '-shared', '-fPIC', headers, 'm.c', '-o', 'm.so'], check=True)
print(ctypes.CDLL('./m.so').answer())
"""


@pytest.mark.sandbox
@pytest.mark.skipif(not gpu_room.compiler(), reason="this machine has no C compiler")
def test_a_launcher_can_be_compiled_and_loaded_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = gpu_room.around(Gpu(WHOLE, "", ()), Path("/usr/lib"))
    monkeypatch.setattr(gpu_room, "furnished", lambda: extra)
    monkeypatch.setattr(bubblewrap, "_START", COMPILES)
    started = launch.start(Limits(device="cuda"), 1)
    status = started.life.wait(60)
    said = os.read(started.printed_fd, 1 << 12).decode()
    started.life.end(0.0)
    started.channel.close()
    os.close(started.printed_fd)
    assert (status, said) == (0, "42\n")


# -- the filter ------------------------------------------------------------------------------------


def _end_under_filter(attempt: Callable[[], None]) -> int:
    """Do something in a process under the filter for GPUs; return how that process ended."""
    pid = os.fork()
    if pid == 0:
        try:
            confining._prctl(confining._PR_SET_NO_NEW_PRIVS, 1)
            confining.filter_calls(seccomp.gpu_program())
            attempt()
        except OSError as fault:
            os._exit(fault.errno or 1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _unshare() -> None:
    ctypes.CDLL(None).unshare(0)


def _ptrace() -> None:
    ctypes.CDLL(None).ptrace(0, 0, 0, 0)


def _memory_file() -> None:
    os.memfd_create("hidden")


def _open_socket() -> None:
    socket.socket(socket.AF_INET)


def _open_route() -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)


def _sockets_of_a_driver() -> None:
    with contextlib.suppress(FileNotFoundError):
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect("/nowhere/control")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as own:
        own.bind(f"\0test-{os.getpid()}")
        own.listen()


def _lock() -> None:
    with Path("/dev/null").open() as file:
        fcntl.lockf(file, fcntl.LOCK_SH)


def _hide() -> None:
    confining._prctl(4, 0)


def _driver_like_ioctl() -> None:
    with Path("/dev/null").open() as file:
        try:
            fcntl.ioctl(file, 0xC00846FF)
        except OSError as fault:
            if fault.errno != errno.ENOTTY:
                raise


@pytest.mark.parametrize("attempt", [_unshare, _ptrace])
def test_what_kills_on_a_cpu_kills_on_a_gpu(attempt: Callable[[], None]) -> None:
    assert _end_under_filter(attempt) == -signal.SIGSYS


@pytest.mark.parametrize("attempt", [_memory_file, _open_socket, _open_route, _lock, _hide])
def test_network_hidden_memory_locks_and_hiding_are_refused(attempt: Callable[[], None]) -> None:
    assert _end_under_filter(attempt) == errno.EPERM


def test_a_driver_may_look_for_a_local_socket_and_open_its_own() -> None:
    assert _end_under_filter(_sockets_of_a_driver) == 0


def test_a_driver_may_name_its_threads_in_proc(command: list[str]) -> None:
    assert "--remount-ro /proc" not in " ".join(command)


def test_what_a_driver_asks_by_ioctl_reaches_the_kernel() -> None:
    assert _end_under_filter(_driver_like_ioctl) == 0


def test_every_kernel_interface_that_kills_on_a_cpu_kills_in_a_container() -> None:
    rules = seccomp.container_profile()["syscalls"]
    killed = {name for rule in rules if "KILL" in rule["action"] for name in rule["names"]}
    assert {"io_uring_setup", "userfaultfd", "bpf", "ptrace", "unshare", "setns"} <= killed
    assert set(seccomp._KILLED) <= killed


def test_no_call_is_allowed_to_one_list_and_refused_by_the_other_without_a_word() -> None:
    assert not set(seccomp._REFUSED_ON_GPU) & {*seccomp._ALLOWED, *seccomp._KILLED}
