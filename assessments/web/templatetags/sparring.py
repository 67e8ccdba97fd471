"""Filters for texts that learners typed or printed, and what is the same on every page."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from assessments.web import texts

register = template.Library()
register.filter("without_controls", texts.without_controls)
register.filter("as_field", texts.as_field)


@register.simple_tag
def sign_up_is_open() -> bool:
    """Whether anybody may make an account."""
    return bool(settings.SIGNUP_OPEN)


class _Constant(template.Node):
    """Rendered without a context, once in each language."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes = nodes
        self._rendered: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        """Return what the nodes say in the language of the moment."""
        language = get_language()
        if language not in self._rendered:
            self._rendered[language] = self.nodes.render(context.new({}))
        return self._rendered[language]


@register.tag
def constant(parser: template.base.Parser, _token: template.base.Token) -> _Constant:
    """Render what stands up to ``endconstant`` once for all pages: it can name no variable."""
    nodes = parser.parse(("endconstant",))
    parser.delete_first_token()
    return _Constant(nodes)
