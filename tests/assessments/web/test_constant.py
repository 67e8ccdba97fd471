"""Parts of pages that are the same for everybody: rendered once, and never with anybody's data."""

from django.template import Context, engines
from django.utils.translation import override


def template(text: str):
    return engines["django"].from_string("{% load sparring i18n %}" + text).template


def test_it_is_rendered_once_and_said_again() -> None:
    page = template("{% constant %}{% now 'u' %}{% endconstant %}")
    assert page.render(Context({})) == page.render(Context({}))


def test_it_can_say_nothing_of_the_person_whose_page_it_is() -> None:
    page = template("{{ user }}{% constant %}{{ user }}{% endconstant %}")
    assert page.render(Context({"user": "ada"})) == "ada"
    assert page.render(Context({"user": "grace"})) == "grace"


def test_each_language_has_its_own() -> None:
    page = template("{% constant %}{% get_current_language as here %}{{ here }}{% endconstant %}")
    with override("de"):
        assert page.render(Context({})) == "de"
    with override("en"):
        assert page.render(Context({})) == "en"
