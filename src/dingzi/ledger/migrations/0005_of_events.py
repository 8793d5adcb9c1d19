"""Leaves are compared with the events once for a statement, on PostgreSQL."""

import django.db.models.deletion
from django.db import migrations, models

from dingzi.matters.guards import of_events


def compare(apps, schema_editor):
    for sql in of_events(schema_editor.connection.vendor, "ledger_leaf"):
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_cosignatures"), ("matters", "0011_of_events")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="leaf",
                    name="event",
                    field=models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="leaf",
                        to="matters.event",
                        verbose_name="事件",
                    ),
                )
            ],
            database_operations=[migrations.RunPython(compare, migrations.RunPython.noop)],
        )
    ]
