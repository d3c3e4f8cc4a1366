"""The officers' desk: Django's admin, read-only, closed but for what the table of roles opens."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal import desk_lists, key_admin_views, keyring, permissions
from portal.keyset import KeysetChangeList
from portal.models import User

Verb = dict[str, Any]


# Whoever looks for more than this searches or filters; a whole table is never counted.
LISTED = 2000


class BoundedPaginator(Paginator):
    @cached_property
    def count(self) -> int:
        assert isinstance(self.object_list, QuerySet)  # noqa: S101 - the list of a table
        return len(self.object_list.order_by().values_list("pk")[:LISTED])


class Desk(admin.AdminSite):
    site_title = site_header = _("Officers’ desk")
    index_title = _("Your work")
    site_url = "/"
    enable_nav_sidebar = False

    def register(
        self, model_or_iterable: Any, admin_class: type | None = None, **options: Any
    ) -> None:
        """Only tables whose readers are decided; what other parts bring along stays hidden."""
        if admin_class is not None and issubclass(admin_class, DeskAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.is_active and request.user.is_staff

    def get_urls(self) -> list[URLPattern | URLResolver]:
        pages = {
            "unlock": key_admin_views.unlock,
            "lock": key_admin_views.lock,
            "time_left": key_admin_views.time_left,
            "desk_key": key_admin_views.desk_key,
            "confirm_desk_key": key_admin_views.confirm_desk_key,
            "officers": key_admin_views.officers,
        }
        own = [
            path(f"{name.replace('_', '-')}/", self.admin_view(view), name=name)
            for name, view in pages.items()
        ]
        add = self.admin_view(key_admin_views.add_officer)
        own.append(path("officers/<int:user_id>/add/", add, name="add_officer"))
        return [*own, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the lock in the header, for those whose work is sealed."""
        context = super().each_context(request)
        if isinstance(request.user, User) and permissions.can_set_up_desk_key(request.user):
            context["desk_lock"] = {
                "until": keyring.unlocked_until(request),
                "seconds": keyring.seconds_unlocked(request),
            }
        return context

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """People log in at one place; whoever is logged in and no staff finds nothing here."""
        if request.user.is_authenticated:
            return redirect("admin:index" if self.has_permission(request) else "home")
        after = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': after})}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("account_change_password")


class DeskAdmin(admin.ModelAdmin):
    """A table as the desk shows it: read by some roles, changed by verbs only."""

    actions = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # one count each, over tables that grow
    list_per_page = 50
    paginator = BoundedPaginator
    change_form_template = "portal/admin/change_form.html"
    change_list_template = "portal/admin/change_list.html"
    # Whether whoever may read the list may take all of it along as a file.
    downloadable = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers as a filter: any other lookup is a question about fields that
        are not shown, such as the first letters of a password's hash."""
        offered = {self._parameter(item) for item in self.get_list_filter(request)}
        own = {self._parameter(item) for item in self.get_list_filter(request) if callable(item)}
        if lookup in own:
            return True
        return lookup.split("__")[0] in offered and super().lookup_allowed(lookup, value, request)

    @staticmethod
    def _parameter(item: Any) -> str:
        """The name in the address of one entry of `list_filter`."""
        if isinstance(item, tuple | list):
            item = item[0]
        return getattr(item, "parameter_name", None) or str(item).split("__")[0]

    def verbs(self, request: HttpRequest, obj: Any) -> list[Verb]:
        """Buttons on the page of one record."""
        return []

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        """Buttons above the list."""
        return []

    def _download(self, request: HttpRequest) -> list[Verb]:
        if not self.downloadable:
            return []
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_download")
        asked = request.GET.urlencode()
        url = f"{url}?{asked}" if asked else url
        return [{"text": _("Download as CSV"), "url": url, "link": True, "secondary": True}]

    def desk_urls(self) -> list[URLPattern]:
        """Pages of verbs, below the table's own address."""
        return []

    def get_urls(self) -> list[URLPattern]:
        own = self.desk_urls()
        if self.downloadable:
            view = self.admin_site.admin_view(partial(desk_lists.download, self))
            name = f"{self.opts.app_label}_{self.opts.model_name}_download"
            own.append(path("download/", view, name=name))
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        verbs = self.verbs(request, obj) if obj is not None else []
        context = {"title": capfirst(self.opts.verbose_name), "verbs": verbs}
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        verbs = [*self.list_verbs(request), *self._download(request)]
        context = {"title": capfirst(self.opts.verbose_name_plural), "verbs": verbs}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        user = request.user
        return isinstance(user, User) and permissions.can_read(user, self.opts.label_lower)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LongListAdmin(DeskAdmin):
    """A table that grows without end: page by page from the last row, always the newest first."""

    sortable_by = ()
    change_list_template = "portal/admin/keyset_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What begins with all that was typed, spaces and all.

        Each field is looked up in its own index before the table is read; asked together with
        “or”, no index of theirs would serve.
        """
        term = " ".join(search_term.split())
        names = [name.lstrip("^") for name in self.get_search_fields(request)]
        if not term or not names:
            return queryset, False
        found = [
            self.model._default_manager.filter(**{f"{name}__istartswith": term})
            .order_by()
            .values("pk")
            for name in names
        ]
        return queryset.filter(pk__in=found[0].union(*found[1:], all=True)), False
