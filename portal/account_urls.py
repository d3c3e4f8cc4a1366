"""Addresses below /accounts/ that are ours; allauth's come after them."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from portal import account_views, handover_views, recovery_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account_views.account, name="account"),
    path("reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("time-left/", account_views.time_left, name="time_left"),
    path("recovery/", recovery_views.recovery, name="recovery"),
    path("recovery/use/", recovery_views.use_recovery, name="use_recovery"),
    path("recovery/<uuid:uuid>/approve/", recovery_views.approve_recovery, name="approve_recovery"),
    path("recovery/<uuid:uuid>/refuse/", recovery_views.refuse_recovery, name="refuse_recovery"),
    path("organisation/", account_views.organisation, name="organisation"),
    path("2fa/", account_views.SecondFactor.as_view(), name="mfa_index"),
    path("2fa/totp/activate/", account_views.ActivateCodes.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", account_views.AddPasskey.as_view(), name="mfa_add_webauthn"),
]
if "site" in settings.FACES:
    urlpatterns += [
        path("invitation/<str:token>/", account_views.invitation, name="invitation"),
        path(
            "invitation/<str:token>/accept/",
            account_views.accept_invitation,
            name="accept_invitation",
        ),
        path("organisation/<uuid:uuid>/invite/", account_views.invite, name="invite"),
        path(
            "organisation/invitations/<uuid:uuid>/revoke/",
            account_views.revoke_invitation,
            name="revoke_invitation",
        ),
        path(
            "organisation/people/<int:pk>/hand-over/",
            handover_views.offer_handover,
            name="offer_handover",
        ),
        path(
            "organisation/handovers/<uuid:uuid>/accept/",
            handover_views.accept_handover,
            name="accept_handover",
        ),
        path(
            "organisation/handovers/<uuid:uuid>/close/",
            handover_views.close_handover,
            name="close_handover",
        ),
        path("organisation/people/<int:pk>/role/", account_views.change_role, name="change_role"),
        path(
            "organisation/people/<int:pk>/end/",
            account_views.end_membership,
            name="end_membership",
        ),
    ]
urlpatterns += [path("", include("allauth.urls"))]
