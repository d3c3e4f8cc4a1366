"""A page at the officers' desk that asks for what a verb needs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_page(
    request: HttpRequest, *, template: str = "portal/admin/form.html", **context: Any
) -> HttpResponse:
    """With title, form, button, back_url and perhaps text."""
    return render(request, template, {**admin.site.each_context(request), **context})
