"""Long lists at the desk, page by page from where the last one ended: no counts, no skipping."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

AFTER, BEFORE = "after", "before"


class KeysetChangeList(ChangeList):
    """Newest first by primary key. A page deep in a million rows costs what the first one does."""

    next_page = ""
    previous_page = ""

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in (AFTER, BEFORE)}

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        after, before = self._taken(AFTER), self._taken(BEFORE)
        try:
            rows, more = self._page(after, before)
        except (ValidationError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error
        newer = more if before else bool(after)
        older = bool(before) or more
        if rows and newer:
            self.previous_page = self.get_query_string({BEFORE: rows[0].pk})
        if rows and older:
            self.next_page = self.get_query_string({AFTER: rows[-1].pk})
        self.result_list = rows
        self.result_count = len(rows)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = bool(rows)
        self.can_show_all = self.multi_page = False

    def _taken(self, name: str) -> str:
        """Out of the address, so that a filter or a search begins on the first page again."""
        self.params.pop(name, None)
        found: list[str] = self.filter_params.pop(name, [""])
        return found[-1]

    def _page(self, after: str, before: str) -> tuple[list[Any], bool]:
        rows, size = self.queryset, self.list_per_page
        if before:
            found = list(rows.filter(pk__gt=before).order_by("pk")[: size + 1])
            return found[:size][::-1], len(found) > size
        if after:
            rows = rows.filter(pk__lt=after)
        found = list(rows[: size + 1])
        return found[:size], len(found) > size
