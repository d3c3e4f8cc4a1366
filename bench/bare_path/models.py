"""A draft, a report and its sealed text."""

import uuid

from django.db import models


class Draft(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    answers = models.JSONField(default=dict)


class Report(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)


class Envelope(models.Model):
    report = models.ForeignKey(Report, models.CASCADE)
    ciphertext = models.BinaryField()
