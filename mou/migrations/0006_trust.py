"""Trust statuses: what is published, what was consented to, EORI checks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mou", "0005_status_events_are_added_only")]
    operations = []
