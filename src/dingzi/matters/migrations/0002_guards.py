from django.db import migrations

from dingzi.matters.guards import statements


def put_up(apps, schema_editor):
    for sql in statements(schema_editor.connection.vendor):
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]
    operations = [migrations.RunPython(put_up, migrations.RunPython.noop)]
