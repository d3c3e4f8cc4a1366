"""Wiring of addresses: which face answers what."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal import brand, pages, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("brand-<slug:key>.css", brand.css, name="brand_css"),
    path("brand-<slug:key>.svg", brand.icon, name="brand_icon"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("cookies/", pages.cookies, name="cookies"),
]
if settings.FACES & {"site", "office"}:
    urlpatterns += [
        path("", pages.home, name="home"),
        path("accounts/", include("portal.account_urls")),
    ]
if "site" in settings.FACES:
    urlpatterns += [path("cooperation/", pages.cooperation, name="cooperation")]
if "office" in settings.FACES:
    urlpatterns += [path("admin/", admin.site.urls)]

handler400 = "portal.pages.bad_request"
handler500 = "portal.pages.server_error"
