"""Consent names what it reaches; what was given before this reached everything."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

AGREED = ("granted", "conditional")


def name_every_use(apps: Any, schema_editor: Any) -> None:
    exchanges = apps.get_model("partners", "Exchange").objects
    exchanges.filter(onward_consent__in=AGREED).update(onward_uses=["purpose", "body", "court"])


class Migration(migrations.Migration):
    dependencies = [("partners", "0021_word_of_each_kind")]

    operations = [
        migrations.AddField(
            model_name="exchange",
            name="onward_uses",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(name_every_use, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=(models.Q(onward_consent__in=AGREED) & ~models.Q(onward_uses=[]))
                | (~models.Q(onward_consent__in=AGREED) & models.Q(onward_uses=[])),
                name="exchange_consent_says_for_what",
            ),
        ),
    ]
