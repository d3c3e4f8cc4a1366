"""The survey of flows: questions, answers, files."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mou", "0007_ways_in")]
    operations = []
