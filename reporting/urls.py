"""Addresses of intake: the form, the inbox, a firm's own reports. Nobody logs in here."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from reporting.views import check, files, inbox, partner, start, step

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="report"),
    path("discard/", start.discard, name="report_discard"),
    path("leave/", start.leave, name="report_leave"),
    path("time-left/", start.time_left, name="report_time_left"),
    path("files/", files.files, name="report_files"),
    path("check/", check.check, name="report_check"),
    path("receipt/", check.receipt, name="report_receipt"),
    path("done/", check.done, name="report_done"),
    path("partner/", partner.partner, name="report_partner"),
    path("ours/", partner.ours, name="report_ours"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/message/", inbox.message, name="inbox_message"),
    path("inbox/files/", inbox.prove, name="inbox_files"),
    path("inbox/leave/", inbox.leave, name="inbox_leave"),
    path("<slug:slug>/", step.step, name="report_step"),
]
