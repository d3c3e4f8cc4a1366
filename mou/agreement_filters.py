"""By what the desk narrows its list of agreements: what one waits for, and whose it is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from mou.models import Mou
from mou.queues import QUEUES, queues_of
from portal.models import User


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
        return [(queue.code, queue.text) for queue in queues_of(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mou]) -> QuerySet[Mou]:
        queue = QUEUES.get(self.value() or "")
        assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
        return queue.pick(queryset, request.user) if queue else queryset


class MineFilter(admin.SimpleListFilter):
    title = gettext_lazy("caseworker")
    parameter_name = "caseworker"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", gettext_lazy("Mine")), ("none", gettext_lazy("Nobody’s yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mou]) -> QuerySet[Mou]:
        assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
        if self.value() == "me":
            return queryset.filter(caseworker=request.user)
        return queryset.filter(caseworker=None) if self.value() == "none" else queryset
