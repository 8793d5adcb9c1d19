from django.db import migrations

from dingzi.ledger.guards import statements


def put_up(apps, schema_editor):
    for sql in statements(schema_editor.connection.vendor):
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("matters", "0002_guards")]
    operations = [migrations.RunPython(put_up, migrations.RunPython.noop)]
