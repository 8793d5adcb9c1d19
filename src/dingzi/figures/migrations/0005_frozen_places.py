from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("figures", "0004_definitions_and_freezes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="frozen",
            name="figures_frozen_once",
        ),
        migrations.AddField(
            model_name="frozen",
            name="place",
            field=models.CharField(blank=True, default="", max_length=12, verbose_name="县市区"),
        ),
        migrations.AddConstraint(
            model_name="frozen",
            constraint=models.UniqueConstraint(fields=("figure", "place", "first", "last"), name="figures_frozen_once"),
        ),
    ]
