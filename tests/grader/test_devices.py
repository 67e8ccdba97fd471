"""Which device a process grades on; one measurement at a time there."""

import threading

import pytest

from grader.devices import chosen_device, exclusive, lock_name


def test_a_second_measurement_waits_for_the_first_and_keeps_its_lease() -> None:
    order: list[str] = []
    ticked = threading.Event()

    def second() -> None:
        with exclusive("cpu", ticked.set):
            order.append("second")

    waiting = threading.Thread(target=second)
    with exclusive("cpu", lambda: None):
        waiting.start()
        assert ticked.wait(5)
        order.append("first")
    waiting.join(5)
    assert order == ["first", "second"]


def test_a_cpu_is_graded_on_where_nothing_else_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SPARRING_DEVICE", raising=False)
    assert chosen_device() == "cpu"
    monkeypatch.setenv("SPARRING_DEVICE", "cuda")
    assert chosen_device() == "cuda"


def test_a_device_of_another_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARRING_DEVICE", "gpu")
    with pytest.raises(ValueError, match="'gpu'"):
        chosen_device()


def test_each_gpu_and_each_slice_has_a_lock_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPARRING_GPU", raising=False)
    names = [lock_name("cpu"), lock_name("cuda")]
    for name in ("1", "MIG-0a/../1"):
        monkeypatch.setenv("SPARRING_GPU", name)
        names.append(lock_name("cuda"))
    assert names == ["cpu", "cuda-0", "cuda-1", "cuda-MIG-0a----1"]


def test_a_measurement_on_one_gpu_does_not_wait_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def waited() -> None:
        raise AssertionError("it waited")

    monkeypatch.setenv("SPARRING_GPU", "test-0")
    with exclusive("cuda", waited):
        monkeypatch.setenv("SPARRING_GPU", "test-1")
        with exclusive("cuda", waited):
            pass
