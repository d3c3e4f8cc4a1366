"""Refuses any change of a survey and its answers once they are frozen, on both engines."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FROZEN = "(SELECT status FROM mou_flowsurvey WHERE id = {}.survey_id) = 'frozen'"
POSTGRESQL = [
    """
    CREATE FUNCTION mou_refuse_answer_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'mou_answer' THEN
            IF (SELECT status FROM mou_flowsurvey WHERE id = NEW.survey_id) <> 'frozen' THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'the answers of a frozen survey stay as they are';
    END $$
    """,
    """
    CREATE TRIGGER mou_answer_frozen BEFORE INSERT OR UPDATE ON mou_answer
    FOR EACH ROW EXECUTE FUNCTION mou_refuse_answer_change()
    """,
    """
    CREATE TRIGGER mou_flowsurvey_frozen BEFORE UPDATE ON mou_flowsurvey
    FOR EACH ROW WHEN (OLD.status = 'frozen') EXECUTE FUNCTION mou_refuse_answer_change()
    """,
]
SQLITE = [
    *(
        f"""
        CREATE TRIGGER mou_answer_frozen_{verb.lower()} BEFORE {verb} ON mou_answer FOR EACH ROW
        WHEN {FROZEN.format("NEW")}
        BEGIN SELECT RAISE(ABORT, 'the answers of a frozen survey stay as they are'); END
        """
        for verb in ("INSERT", "UPDATE")
    ),
    """
    CREATE TRIGGER mou_flowsurvey_frozen BEFORE UPDATE ON mou_flowsurvey FOR EACH ROW
    WHEN OLD.status = 'frozen'
    BEGIN SELECT RAISE(ABORT, 'the answers of a frozen survey stay as they are'); END
    """,
]


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER mou_answer_frozen ON mou_answer")
        schema_editor.execute("DROP TRIGGER mou_flowsurvey_frozen ON mou_flowsurvey")
        schema_editor.execute("DROP FUNCTION mou_refuse_answer_change()")
        return
    for name in ("mou_answer_frozen_insert", "mou_answer_frozen_update", "mou_flowsurvey_frozen"):
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("mou", "0012_surveys")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
