"""The kernel: accounts, organisations, audit, outbox, sealing, site and wiring."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
