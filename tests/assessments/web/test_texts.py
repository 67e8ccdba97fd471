from assessments.web.texts import as_field, without_controls


def test_colours_of_a_terminal_are_dropped() -> None:
    assert without_controls("\x1b[31mred\x1b[0m \x1b]0;title\x07plain") == "red plain"


def test_what_turns_the_direction_of_reading_is_made_visible() -> None:
    assert without_controls("a\u202eb\u2066c") == "a\ufffdb\ufffdc"


def test_tabs_and_line_ends_stay() -> None:
    assert without_controls("a\tb\r\nc\n") == "a\tb\nc\n"


def test_a_lone_return_and_a_null_are_made_visible() -> None:
    assert without_controls("a\rb\0c") == "a\ufffdb\ufffdc"


def test_a_text_field_keeps_a_first_empty_line() -> None:
    assert as_field("\nx") == "\n\nx"
    assert as_field("x") == "x"
