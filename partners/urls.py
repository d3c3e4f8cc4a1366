"""Addresses of the international partners: one block for each noun."""

from __future__ import annotations

from django.urls import path

from partners.views import directory

app_name = "partners"
urlpatterns = [
    # The directory. A code may hold a colon; what stands above goes first.
    path("<str:code>/", directory.partner, name="partner"),
]
