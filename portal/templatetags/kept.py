"""`{% kept %}…{% endkept %}`: what is the same on every page of a site, drawn once by a process."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.urls import get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class Kept(Node):
    """Draws what is in it once for each language, brand and set of addresses.

    Nothing in it may depend on who asks, on the page, or on a block that a page fills in.
    """

    def __init__(self, inside: NodeList) -> None:
        self.nodelist = inside
        self.drawn: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        addresses = get_urlconf() or settings.ROOT_URLCONF
        site = (settings.MODE, settings.DEMONSTRATION, addresses, *settings.BRAND.values())
        key = (get_language(), *site)
        if key not in self.drawn:
            self.drawn[key] = self.nodelist.render(context)
        return self.drawn[key]


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(inside)
