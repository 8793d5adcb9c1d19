from django.db import migrations, models

import dingzi.core.models
from dingzi.core.search import storage


class Migration(migrations.Migration):
    dependencies = [('core', '0001_initial')]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('matter', models.BigIntegerField(primary_key=True, serialize=False)),
                ('tokens', dingzi.core.models.TokensField()),
            ],
        ),
        migrations.RunPython(storage.create_index, storage.drop_index),
    ]
