"""A unit's list is read in the order of its parts: they keep process and day of their matter."""

from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def keep(apps, schema_editor):
    part, matter = apps.get_model("matters", "Part"), apps.get_model("matters", "Matter")
    of = matter.objects.filter(pk=OuterRef("matter"))
    part.objects.update(
        process=Subquery(of.values("process")), opened_at=Subquery(of.values("opened_at"))
    )


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_imports")]
    operations = [
        migrations.AddField(
            "part",
            "process",
            models.CharField("流程", max_length=40, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "part",
            "opened_at",
            models.DateTimeField("登记时间", default=datetime(1970, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.AddIndex(
            "part",
            models.Index(
                fields=["unit", "process", "-opened_at", "-matter"], name="matters_part_list"
            ),
        ),
    ]
