"""What belongs to an event is compared with the events once for a statement, on PostgreSQL."""

import django.db.models.deletion
from django.db import migrations, models

from dingzi.matters.guards import of_events

TABLES = ("matters_opening", "matters_private", "matters_outbox")


def compare(apps, schema_editor):
    for sql in of_events(schema_editor.connection.vendor, *TABLES):
        schema_editor.execute(sql, params=None)


def of_event(name):
    return migrations.AlterField(
        model_name=name,
        name="event",
        field=models.OneToOneField(
            db_constraint=False,
            on_delete=django.db.models.deletion.DO_NOTHING,
            primary_key=True,
            related_name="+" if name == "outbox" else name,
            serialize=False,
            to="matters.event",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("matters", "0010_open_here")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[of_event(name) for name in ("opening", "private", "outbox")],
            database_operations=[migrations.RunPython(compare, migrations.RunPython.noop)],
        )
    ]
