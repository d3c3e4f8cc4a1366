"""Life in force: reviews, notices, reminders, expiry."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mou", "0011_signing")]
    operations = []
