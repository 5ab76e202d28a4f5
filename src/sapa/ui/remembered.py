"""What a page asks for again and again and what is always the same: addresses, and words in a language.

`{% load ui %}` brings `{% url %}` and `{% translate %}` of this module; they say what Django's own say (decision 0019).
"""

from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.html import conditional_escape
from django.utils.translation import get_language

MOST_ADDRESSES: Final = 5_000
_PLAIN: Final = (str, int)


def address(name: str, *args: Any, **kwargs: Any) -> str:
    """As `reverse`: the path of what has this name. Looking a path up costs as much as a small element."""
    values = (*args, *kwargs.values())
    if not all(isinstance(each, _PLAIN) for each in values):
        return str(reverse(name, args=args, kwargs=kwargs))
    return _address(settings.ROOT_URLCONF, get_script_prefix(), name, args, tuple(kwargs.items()))


@lru_cache(maxsize=MOST_ADDRESSES)
def _address(
    _urls: str, _prefix: str, name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]
) -> str:
    return str(reverse(name, args=args, kwargs=dict(kwargs)))


class AddressNode(URLNode):
    """`{% url %}` of a name without a namespace."""

    def render(self, context: Context) -> str:
        args = [each.resolve(context) for each in self.args]
        kwargs = {name: each.resolve(context) for name, each in self.kwargs.items()}
        try:
            found = address(self.view_name.resolve(context), *args, **kwargs)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


class WordsNode(Node):
    """`{% translate "words" %}`, looked up once in each language."""

    child_nodelists = ()

    def __init__(self, words: TranslateNode) -> None:
        self.asvar, words.asvar = words.asvar, None
        self.words = words
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = self.words.render(context)
        if self.asvar:
            context[self.asvar] = said
            return ""
        return said


def url_tag(parser: Parser, token: Token) -> Node:
    """Django's `{% url %}`, remembered."""
    node = url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


def translate_tag(parser: Parser, token: Token) -> Node:
    """Django's `{% translate %}`, remembered where its words stand in the template."""
    node = do_translate(parser, token)
    is_written = token.split_contents()[1][0] in "\"'" and not node.filter_expression.filters
    return WordsNode(node) if is_written and not node.noop and node.message_context is None else node
