"""The public register of signatories, what a badge leads to, and the firm's leave for both."""

from __future__ import annotations

import datetime
import uuid as uuids
from collections.abc import Iterator
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mou import badge as badges
from mou import permissions
from mou.actions import publicity
from mou.models import Listing
from mou.models.publicity import ListingQuerySet
from mou.publicity_forms import SearchForm
from mou.views.agreements import get_agreement
from portal import spreadsheets
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest

BESIDE = ("mou__organisation", "mou__programme", "cover__organisation")
LAST_UPDATED = datetime.date(2026, 11, 26)
PAGE = 25


def _rows() -> ListingQuerySet:
    rows = Listing.objects.public().select_related(*BESIDE)
    return rows.order_by("name_folded", "pk")


@require_safe
@never_cache
@login_not_required
def register(request: HttpRequest) -> HttpResponse:
    """Who cooperates: searched by name, read page by page."""
    form = SearchForm(request.GET)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    rows = _rows().named(typed) if typed else _rows()
    after = request.GET.get("after", "")
    last = Listing.objects.filter(token=after).first() if slug_re.fullmatch(after) else None
    found = list((rows.after(last) if last else rows)[: PAGE + 1])
    context = {
        "form": form,
        "typed": typed,
        "rows": found[:PAGE],
        "after": found[PAGE - 1].token if len(found) > PAGE else "",
        "goes_on": last is not None,
        "last_updated": LAST_UPDATED,
    }
    return render(request, "mou/register.html", context)


@require_safe
@never_cache
@login_not_required
def register_csv(request: HttpRequest) -> HttpResponse:
    """The whole register as a table."""
    response = StreamingHttpResponse(_lines(), content_type="text/csv; charset=utf-8")
    name = f"signatories-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast(HttpResponse, response)  # no subclass, but views are given either


def _lines() -> Iterator[str]:
    heading = [_("Firm"), _("Country"), _("Programme"), _("In force since"), _("Covered through")]
    yield "\ufeff" + spreadsheets.table([heading])
    for row in _rows().iterator(chunk_size=500):
        yield spreadsheets.table([_public(row)])


def _public(row: Listing) -> list[str]:
    """The fields that the public reads, and no more."""
    firm, since = row.firm, row.since
    day = timezone.localtime(since).date().isoformat() if since else ""
    country = str(firm.country.name)  # type: ignore[attr-defined]
    through = row.mou.organisation.legal_name if row.cover is not None else ""
    return [firm.legal_name, country, row.mou.programme.name, day, through]


@require_safe
@never_cache
@login_not_required
def badge(request: HttpRequest, token: str) -> HttpResponse:
    """What the badge on a firm's own pages leads to: in force now, or not."""
    listing = _listing(token)
    in_force = listing is not None and listing.is_public
    context = {"listing": listing if in_force else None, "last_updated": LAST_UPDATED}
    return render(request, "mou/badge.html", context, status=200 if listing else 404)


@require_safe
@never_cache
@login_not_required
def badge_image(request: HttpRequest, token: str) -> HttpResponse:
    """The badge itself, for the pages of the firm; never kept, so it never says too much."""
    listing = _listing(token)
    language = request.GET.get("lang", get_language() or "en")
    in_force = listing is not None and listing.is_public
    covered = listing is not None and listing.cover is not None
    through = listing.mou.organisation.legal_name if listing is not None and covered else ""
    drawn = badges.draw(in_force=in_force, language=language, through=through)
    response = HttpResponse(drawn, content_type="image/svg+xml", status=200 if listing else 404)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _listing(token: str) -> Listing | None:
    found = Listing.objects.select_related(*BESIDE)
    return found.filter(token=token).first()


def listing(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """A firm's own page of it: whether it is named, the badge and how it may be used."""
    mou = get_agreement(request, uuid)
    found = Listing.objects.select_related("given_by").filter(mou=mou, cover=None).first()
    current = found if found is not None and found.withdrawn_at is None else None
    context = {
        "mou": mou,
        "listing": current,
        "withdrawn": found if current is None else None,
        "may_publish": permissions.can_publish(request.user, mou),
        "may_unpublish": permissions.can_unpublish(request.user, mou),
        "languages": list(badges.WORDS),
        "site": settings.SITE_URL,
    }
    if current is not None:
        check = settings.SITE_URL + reverse("badge", args=[current.token])
        image = settings.SITE_URL + reverse("badge_image", args=[current.token])
        context["check"] = check
        # To be copied into a page of the firm's: shown as text, never run here.
        context["code"] = (
            f'<a href="{check}"><img src="{image}?lang={get_language()}" alt="'
            f'{badges.WORDS.get(get_language() or "en", badges.WORDS["en"])[0]}" '
            'width="340" height="96"></a>'
        )
    return render(request, "mou/listing.html", context)


@require_POST
@shows_domain_errors("mou:listing")
def publish(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Agree to be named."""
    mou = get_agreement(request, uuid)
    publicity.publish(mou=mou, by=request.user)
    messages.success(request, _("The firm is named in the register from now on."))
    return redirect("mou:listing", mou.uuid)


@require_POST
@shows_domain_errors("mou:listing")
def unpublish(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take the leave back."""
    mou = get_agreement(request, uuid)
    publicity.unpublish(mou=mou, by=request.user)
    messages.success(request, _("The firm is no longer named, and its badge says so."))
    return redirect("mou:listing", mou.uuid)
