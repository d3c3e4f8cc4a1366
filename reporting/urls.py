"""Addresses of intake: the form, the inbox, a firm's own reports. Nobody logs in here."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
