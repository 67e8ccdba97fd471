import re

import pytest

from assessments.web.prose import python_lines, render, render_inline
from question_bank.courses import BUILT_IN, read_course

MATH = re.compile(r"<math.*?</math>", re.DOTALL)
CODE = re.compile(r"<code.*?</code>", re.DOTALL)


def test_a_formula_becomes_mathml() -> None:
    html = render(r"Cost $\frac{n^2}{2}$.")
    assert "<math" in html
    assert "<mfrac>" in html
    assert "$" not in html


def test_a_formula_that_cannot_be_read_is_shown_as_typed() -> None:
    assert r"<code>\frac{</code>" in render(r"$\frac{$")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "<math><style><img src=x onerror=alert(1)></style></math>",
        "$\\text{</math><script>alert(1)</script>}$",
        '<p style="position:fixed">x</p>',
        "```python\n</code></pre><script>alert(1)</script>\n```",
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_what_authors_type_cannot_run(hostile: str) -> None:
    html = render(hostile)
    assert "<script" not in html
    assert "<img" not in html
    assert "<style" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_links_inside_the_course_lead_to_pages() -> None:
    html = render("[a](concept:local-window) [b](question:sliding-window)")
    assert 'href="/concepts/local-window/"' in html
    assert 'href="/questions/sliding-window/"' in html


def test_headings_follow_the_title_of_the_page_without_a_gap() -> None:
    html = render("#### Deep\n\n###### Deeper\n\n#### Deep again")
    assert "<h2>Deep</h2>" in html
    assert "<h3>Deeper</h3>" in html


def test_an_empty_head_cell_is_no_heading() -> None:
    html = render("| | a |\n|---|---|\n| 1 | 2 |")
    assert html.count("<th>") == 1


def test_tables_scroll_in_a_frame_that_the_keyboard_reaches() -> None:
    assert '<div class="frame" tabindex="0"><table>' in render("| a |\n|---|\n| 1 |")


def test_code_is_highlighted_by_classes() -> None:
    html = render("```python\ndef f(): ...\n```")
    assert 'class="k"' in html
    assert "style=" not in html


def test_a_choice_is_no_paragraph() -> None:
    assert render_inline("about $n$ **keys**").startswith("about ")
    assert "<p>" not in render_inline("one")


def test_each_line_of_a_listing_can_be_linked_to() -> None:
    html = python_lines('x = """a\nb"""\n\n# <b>')
    assert [f'id="line-{n}"' in html for n in (1, 2, 3, 4, 5)] == [True] * 4 + [False]
    assert "&lt;b&gt;" in html


def test_a_long_listing_is_escaped_too() -> None:
    html = python_lines("# <script>\n" * 3000)
    assert "<script>" not in html
    assert 'id="line-3000"' in html


def test_an_escaped_underscore_in_words_of_a_formula_is_an_underscore() -> None:
    assert "<mtext>n_sink</mtext>" in render(r"$t < \text{n\_sink}$")


def test_every_formula_of_the_built_in_course_is_read_whole() -> None:
    course = read_course(BUILT_IN)
    texts = [concept.body for concept in course.concepts.values()]
    for question in course.questions.values():
        texts += [text for text in question.model_dump().values() if isinstance(text, str)]
    formulas = [formula for text in texts for formula in MATH.findall(render(text))]
    assert len(formulas) > 300
    assert [formula for formula in formulas if "\\" in formula] == []
    assert not any("$" in CODE.sub("", render(text)) for text in texts)


TWO_MASKS = """Before

```mask 12 Head A
causal & window(3)
```

between

```mask 4 Head <B>
causal
```
"""


def test_a_mask_in_a_text_is_drawn_with_its_title_and_a_table_of_its_rows() -> None:
    html = render(TWO_MASKS)
    assert html.index("Before") < html.index('aria-label="Head A"') < html.index("between")
    assert html.index("between") < html.index('aria-label="Head &lt;B&gt;"')
    assert "12 queries down, 12 keys across, 33 of 144 pairs attended." in html
    assert '<th scope="row">12</th><td>3</td><td>10–12</td>' in html
    assert "<B>" not in html
    assert "<code>" not in html


@pytest.mark.parametrize("opening", ["mask", "mask 12", "mask 65 Too large", "mask 0 Too small"])
def test_a_mask_without_a_size_that_can_be_drawn_or_a_title_is_shown_as_typed(
    opening: str,
) -> None:
    html = render(f"```{opening}\ncausal\n```")
    assert "<svg" not in html
    assert "<code>causal\n</code>" in html


def test_a_mask_whose_notation_cannot_be_read_is_shown_as_typed() -> None:
    assert "<code>causal &amp; nothing(3)\n</code>" in render(
        "```mask 8 A\ncausal & nothing(3)\n```"
    )
