from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: As version 1 of the process joins categories; all others are their own.
_JOINED = {
    "land": "housing", "consumer": "contract", "traffic": "damage", "medical": "other",
    "environment": "other", "government": "other", "": "other",
}  # fmt: skip


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    disputes = apps.get_model("disputes", "Dispute")
    disputes.objects.update(top=models.F("category"))
    for category, top in _JOINED.items():
        disputes.objects.filter(category=category).update(top=top)


class Migration(migrations.Migration):
    dependencies = [("disputes", "0002_days_left")]

    operations = [
        migrations.AddField(
            model_name="dispute",
            name="top",
            field=models.CharField(
                blank=True, default="", help_text="process.tops", max_length=24,
                verbose_name="公开的大类",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
