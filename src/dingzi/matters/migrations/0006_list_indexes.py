"""Lists read their rows, and compare their filters, in indexes; what none reads by goes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('city', '0002_stamp'),
        ('matters', '0005_part_lists'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='matter',
            name='matters_matter_all',
        ),
        migrations.RemoveIndex(
            model_name='matter',
            name='matters_matter_c',
        ),
        migrations.RemoveIndex(
            model_name='matter',
            name='matters_matter_t',
        ),
        migrations.RemoveIndex(
            model_name='matter',
            name='matters_matter_s',
        ),
        migrations.AlterField(
            model_name='matter',
            name='merged_into',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='matters.matter', verbose_name='并入'),
        ),
        migrations.AlterField(
            model_name='matter',
            name='number',
            field=models.CharField(max_length=40, verbose_name='编号'),
        ),
        migrations.AlterField(
            model_name='matter',
            name='parent',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='matters.matter', verbose_name='上级事项'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='matters_matter_parent'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='matters_matter_merged'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['process', '-opened_at', '-id', 'confidential', 'county', 'state', 'category', 'outcome'], name='matters_matter_all'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['process', 'county', '-opened_at', '-id', 'confidential', 'state', 'category', 'outcome'], name='matters_matter_c'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['process', 'town', '-opened_at', '-id', 'confidential', 'state', 'category', 'outcome'], name='matters_matter_t'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['process', 'state', 'county', '-opened_at', '-id', 'confidential', 'category', 'outcome'], name='matters_matter_s'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['process', 'category', '-opened_at', '-id', 'confidential', 'county', 'state', 'outcome'], name='matters_matter_k'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('active', True)), fields=['process', '-opened_at', '-id', 'due_at', 'confidential', 'county', 'town'], name='matters_matter_active'),
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.UniqueConstraint(fields=('number',), name='matters_matter_number'),
        ),
    ]
