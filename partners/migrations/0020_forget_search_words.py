"""Words of a parent stood among those of its parts; loading the directory lays all down anew."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    for name in ("SearchPlace", "SearchKey"):
        apps.get_model("partners", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("partners", "0019_say_confirmed")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
