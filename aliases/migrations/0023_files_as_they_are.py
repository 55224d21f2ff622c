from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aliases", "0022_widths"),
    ]

    operations = [
        migrations.AddField(
            model_name="bucket",
            name="svg_allowed",
            field=models.BooleanField(
                default=False,
                help_text="Whether originals whose key ends in .svg are served as they are: no alias and no URL changes their size or anything else. Browsers are told to run no script in them. Otherwise they are refused (415).",
                verbose_name="SVG drawings passed on",
            ),
        ),
        migrations.AlterField(
            model_name="alias",
            name="format",
            field=models.CharField(
                choices=[
                    ("original", "as the original"),
                    ("unchanged", "the original's file, unchanged"),
                    ("auto", "by the browser: AVIF or WebP"),
                    ("jpeg", "JPEG"),
                    ("png", "PNG"),
                    ("webp", "WebP"),
                    ("avif", "AVIF"),
                    ("gif", "GIF"),
                ],
                default="original",
                help_text="“By the browser” saves the most bytes: one that reads neither AVIF nor WebP gets the original’s format. “Unchanged” gives away the metadata, too, such as the place where a photograph was taken.",
                max_length=10,
            ),
        ),
    ]
