"""Ways in: interest, outreach, bulk offers, covered members, review of refusals."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mou", "0006_trust")]
    operations = []
