"""How far the telling has come is a row of its own, no counter of numbers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last', models.BigIntegerField(default=-1, verbose_name='读到第几条')),
            ],
            options={
                'verbose_name': '通知读到哪里',
                'verbose_name_plural': '通知读到哪里',
            },
        ),
    ]
