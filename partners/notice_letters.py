"""The digest of notices: how many are new, a link to them, and a link to end it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import Notice, Subscription
from partners.models.notices import NoticeQuerySet
from portal.letters import Letter

SALT = "partners.notices"


def token_of(subscription: Subscription) -> str:
    return signing.dumps(str(subscription.uuid), salt=SALT)


def subscription_of(token: str) -> Subscription | None:
    """The one that a letter's link names; None for anything that we did not sign."""
    try:
        uuid = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Subscription.objects.filter(uuid=uuid).first()


def news_for(subscription: Subscription, *, since: datetime, until: datetime) -> NoticeQuerySet:
    """What was published in between that this person may read and asked for."""
    found = Notice.objects.visible_to(subscription.user)
    found = found.filter(published_at__gt=since, published_at__lte=until)
    if subscription.country:
        found = found.filter(country=subscription.country)
    return found.filter(sector=subscription.sector) if subscription.sector else found


def notices_digest(subscription_id: int, since: str, until: str) -> Letter | None:
    live = Subscription.objects.live().select_related("user")
    subscription = live.filter(pk=subscription_id, user__is_active=True).first()
    if subscription is None:
        return None
    between = {"since": datetime.fromisoformat(since), "until": datetime.fromisoformat(until)}
    count = news_for(subscription, **between).count()
    if not count:
        return None
    wanted = {"country": str(subscription.country), "sector": subscription.sector}
    fitting = urlencode({name: code for name, code in wanted.items() if code})
    return Letter(
        to=subscription.user,
        subject=_("New opportunities for firms"),
        sentences=[
            ngettext(
                "%(count)d new notice fits what you asked for.",
                "%(count)d new notices fit what you asked for.",
                count,
            )
            % {"count": count},
        ],
        url=f"{settings.SITE_URL}{reverse('partners:notices')}?{fitting}".rstrip("?"),
        button=_("Read the notices"),
        stop_url=settings.SITE_URL + reverse("partners:unsubscribe", args=[token_of(subscription)]),
    )
