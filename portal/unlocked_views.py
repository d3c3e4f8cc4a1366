"""Views that need an officer's keys: where the desk is locked, the passphrase comes first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from portal import keyring, rescue
from portal.keyring import Locked


def unlocked_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that needs the officer's keys: the passphrase is asked for, then it goes on.

    A form that comes after the desk has locked itself goes back to the officer as it was typed.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.keys = keyring.current(request)  # type: ignore[attr-defined]
        except Locked:
            if rescue.may_rescue(request):
                return rescue.page(request, rescue.LOCKED)
            after = request.get_full_path() if request.method == "GET" else request.path
            return redirect(f"{reverse('admin:unlock')}?{urlencode({'next': after})}")
        return view(request, *args, **kwargs)

    return wrapped
