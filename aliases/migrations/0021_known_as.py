from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aliases", "0020_shorter_format"),
    ]

    operations = [
        migrations.AddField(
            model_name="bucket",
            name="known_as",
            field=models.TextField(
                blank=True,
                default="",
                help_text="The beginnings of addresses that stand for this bucket in Thumbor URLs, one a line, such as “https://acme-photos.s3.amazonaws.com/” or “cdn.acme.com/media/”: what follows is the original's key. Nothing is ever fetched from there.",
                verbose_name="also known as",
            ),
        ),
    ]
