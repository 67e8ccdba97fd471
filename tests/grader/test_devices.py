"""One measurement at a time on a device."""

import threading

from grader.devices import exclusive


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
