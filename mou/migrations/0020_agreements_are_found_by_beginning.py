"""Agreements, offers and those who ask are found by how a number, a name or an address begins."""

from django.db import migrations

from portal.prefix_indexes import prefix_index


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0019_negotiation"),
        ("portal", "0006_names_are_found_by_beginning"),
    ]
    operations = [
        prefix_index("mou_mou", "number"),
        prefix_index("mou_mouoffer", "contact_email"),
        prefix_index("mou_interest", "firm_name"),
        prefix_index("mou_interest", "eori"),
        prefix_index("mou_interest", "email"),
    ]
