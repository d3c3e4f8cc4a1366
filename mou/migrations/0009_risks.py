"""Risks, measures, joint activities and the contact network."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mou", "0008_survey")]
    operations = []
