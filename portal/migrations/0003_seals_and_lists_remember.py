"""A seal keeps the digest of its events; a reference item, what its data file said last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_records_are_append_only")]
    operations = [
        migrations.AddField(
            model_name="auditseal",
            name="digest",
            field=models.CharField(max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditseal",
            name="passed",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="referenceitem",
            name="shipped",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
    ]
