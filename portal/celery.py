"""Wiring of the workers: one Celery app, its broker and its clock."""

import os

from celery import Celery

from portal import broker  # noqa: F401 - registers the embedded broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
