"""Texts: clause library, negotiation, amendments."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mou", "0009_risks")]
    operations = []
