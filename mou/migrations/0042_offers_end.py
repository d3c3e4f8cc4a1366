"""Offers end with the agreement that came of them; those whose agreement has ended did so."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ENDED = ["withdrawn", "terminated", "expired"]


def end(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    offers = apps.get_model("mou", "MouOffer").objects
    offers.filter(status="accepted", mou__status__in=ENDED).update(status="ended")


class Migration(migrations.Migration):
    dependencies = [("mou", "0041_erased_interests")]

    operations = [
        migrations.AlterField(
            "mouoffer",
            "status",
            models.CharField(
                "status",
                max_length=20,
                default="unsent",
                choices=[
                    ("unsent", "Not sent yet"),
                    ("sent", "Sent"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("withdrawn", "Withdrawn"),
                    ("ended", "Accepted, agreement ended"),
                ],
            ),
        ),
        migrations.RunPython(end, migrations.RunPython.noop),
    ]
