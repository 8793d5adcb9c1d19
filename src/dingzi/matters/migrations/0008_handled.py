"""What a post did is read from an index of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0007_post_parts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('post__isnull', False)), fields=['post', '-stream'], name='matters_event_post'),
        ),
    ]
