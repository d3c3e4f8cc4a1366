"""The part of the certificate that an agreement requires is named on the offer itself."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As it was decided until now when an offer was accepted: security where it is held."""
    offers = apps.get_model("mou", "MouOffer").objects.filter(trust_status__isnull=False)
    statuses = apps.get_model("mou", "TrustStatus").objects
    for held, component in (("C", "C"), ("S", "S"), ("F", "S")):
        resting = offers.filter(trust_status__in=statuses.filter(type=held))
        resting.update(required_component=component)
    if schema_editor.connection.vendor == "postgresql":
        # The table is altered next, which waits for no check that is still to be made.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0028_eori_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="mouoffer",
            name="required_component",
            field=models.CharField(
                blank=True,
                choices=[
                    ("C", "Customs simplifications (AEOC)"),
                    ("S", "Security and safety (AEOS)"),
                ],
                max_length=1,
                verbose_name="required part of the certificate",
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="component_rule",
            field=models.CharField(
                choices=[
                    ("SC", "Security and safety where held, else customs simplifications"),
                    ("CS", "Customs simplifications where held, else security and safety"),
                    ("S", "Security and safety where held, else none"),
                    ("C", "Customs simplifications where held, else none"),
                    ("none", "None"),
                ],
                default="SC",
                max_length=4,
                verbose_name="part of the certificate that is required",
            ),
        ),
        migrations.AlterField(
            model_name="mou",
            name="required_component",
            field=models.CharField(
                blank=True,
                choices=[
                    ("C", "Customs simplifications (AEOC)"),
                    ("S", "Security and safety (AEOS)"),
                ],
                max_length=1,
                verbose_name="required part of the certificate",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="mouoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("required_component", ""),
                    models.Q(
                        ("required_component__in", ["C", "S"]), ("trust_status__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="mouoffer_component_of_a_certificate",
            ),
        ),
    ]
