"""A hold is lifted by another than placed it; holds that were lifted before stay lifted."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def tell_apart(apps, schema_editor):
    """No second person is made up: who placed it lifted it, and the empty column says so."""
    holds = apps.get_model("reporting", "LegalHold").objects
    holds.filter(lifted_by=F("placed_by")).update(lifted_by=None)


def tell_again(apps, schema_editor):
    holds = apps.get_model("reporting", "LegalHold").objects
    holds.filter(lifted_at__isnull=False, lifted_by=None).update(lifted_by=F("placed_by"))


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0004_countries_of_goods"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(tell_apart, tell_again),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lifted_by", None),
                    models.Q(("lifted_by", models.F("placed_by")), _negated=True),
                    _connector="OR",
                ),
                name="legalhold_takes_two",
            ),
        ),
    ]
