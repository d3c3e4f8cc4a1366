"""The request of somebody who is signed in, as the type checker should see it."""

from __future__ import annotations

from django.http import HttpRequest

from portal.models import User


class PersonRequest(HttpRequest):
    user: User
