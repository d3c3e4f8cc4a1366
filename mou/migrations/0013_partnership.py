"""What the partnership gives: training, alerts, register, badge."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mou", "0012_life")]
    operations = []
