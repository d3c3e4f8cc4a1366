"""Agreements that exist already: what they rest on, until when they run, why they are suspended."""

from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from portal.dates import add_months


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    suspension = apps.get_model("mou", "Suspension")
    mous = apps.get_model("mou", "Mou").objects.select_related("offer")
    for mou in mous.iterator():
        if mou.offer is not None:
            mou.basis, mou.trust_status_id = mou.offer.basis, mou.offer.trust_status_id
        if mou.in_force_at is not None and mou.ended_at is None:
            day = timezone.localtime(mou.in_force_at).date()
            version = mou.versions.filter(status="signed").select_related("template").first()
            months = version.template.months if version else None
            mou.ends_on = add_months(day, months) - timedelta(days=1) if months else None
            mou.next_review_on = add_months(day, 12)
        mou.save()
        if mou.status == "suspended":
            suspension.objects.create(mou=mou, cause="trust")
    if schema_editor.connection.vendor == "postgresql":
        # The table is altered next, which waits for no check that is still to be made.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("mou", "0007_life")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="mou",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("basis", "trust_status"), ("trust_status", None), _connector="OR"
                ),
                name="mou_trust_status_with_basis",
            ),
        ),
    ]
