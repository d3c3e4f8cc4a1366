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
# Each face imports what it answers and nothing else: intake never sees a module that opens keys.
if settings.FACES & {"site", "office"}:
    from mou import verify_views
    from partners.views import directory
    from portal import home

    urlpatterns += [
        path("", pages.home, name="home"),
        path("start/", home.start, name="start"),
        path("accounts/", include("portal.account_urls")),
        path("partners/", directory.partners, name="partners"),
        path("partners/", include("partners.urls")),
        path("verify/", verify_views.verify, name="verify"),
        path("verify/<slug:token>/", verify_views.verify_token, name="verify_token"),
    ]
if "site" in settings.FACES:
    from mou.views import home as mou_home
    from mou.views import interest, publicity

    urlpatterns += [
        path("cooperation/", pages.cooperation, name="cooperation"),
        path("start/report/", home.report, name="start_report"),
        path("cooperation/interest/", interest.interest, name="interest"),
        path("cooperation/interest/sent/", interest.interest_sent, name="interest_sent"),
        path("cooperation/interest/<slug:token>/", interest.seek_review, name="interest_review"),
        path("register/", publicity.register, name="register"),
        path("register/download/", publicity.register_csv, name="register_csv"),
        path("register/<slug:token>/", publicity.badge, name="badge"),
        path("register/<slug:token>/badge.svg", publicity.badge_image, name="badge_image"),
        path("mou/", mou_home.home, name="mou_home"),
        path("mou/", include("mou.urls")),
        path("challenge/", include("portal.challenge_urls", namespace="site_challenge")),
    ]
if "intake" in settings.FACES:
    urlpatterns += [
        path("report/challenge/", include("portal.challenge_urls")),
        path("report/", include("reporting.urls")),
    ]
if "office" in settings.FACES:
    urlpatterns += [path("admin/", admin.site.urls)]

handler400 = "portal.pages.bad_request"
handler403 = "portal.pages.forbidden"
handler404 = "portal.pages.not_found"
handler500 = "portal.pages.server_error"
