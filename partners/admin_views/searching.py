"""The desk's lists of entries, searched like the directory's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partners import search, visibility

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as _Admin
else:
    _Admin = object


class SpeltSearch(_Admin):
    """By any word that this officer may read, slips forgiven, and by how a name or code begins."""

    search_help_text = _("Name, country, person, mailbox or code; accents and slips do not matter")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        begun, twice = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return begun, twice
        level = visibility.level_of(request.user)
        of = str(self.opts.model_name)
        spelt = search.matching(self.model._default_manager.all(), search_term, level, of=of)
        either = [rows.order_by().values("pk") for rows in (begun, spelt)]
        return queryset.filter(Q(pk__in=either[0]) | Q(pk__in=either[1])), False
