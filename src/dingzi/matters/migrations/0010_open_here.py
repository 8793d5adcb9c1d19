"""What is open in a county is read from an index of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('city', '0003_residents'),
        ('matters', '0009_three_signatures'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('active', True)), fields=['process', 'county', '-opened_at', '-id', 'due_at', 'confidential', 'town'], name='matters_matter_here'),
        ),
    ]
