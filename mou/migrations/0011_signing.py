"""Signing: several signatories, delegation, evidence report, re-stamping."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mou", "0010_text")]
    operations = []
