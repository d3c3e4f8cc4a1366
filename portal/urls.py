"""Wiring of addresses: which face answers what."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
if settings.FACES & {"site", "office"}:
    urlpatterns += [
        path("", views.home, name="home"),
        path("accounts/", include("allauth.urls")),
    ]
if "site" in settings.FACES:
    urlpatterns += []
if "office" in settings.FACES:
    urlpatterns += [path("admin/", admin.site.urls)]
