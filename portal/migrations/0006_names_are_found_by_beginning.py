"""Firms are found by how their name or EORI begins."""

from django.db import migrations

from portal.prefix_indexes import prefix_index


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_keys_and_pins")]
    operations = [
        prefix_index("portal_organisation", "legal_name"),
        prefix_index("portal_organisation", "eori"),
    ]
