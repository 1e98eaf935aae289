import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_never_empty_the_trail"),
    ]

    operations = [
        migrations.AlterField(
            model_name="trail",
            name="who",
            field=models.ForeignKey(
                blank=True,
                help_text="Nobody: the operator, on the command line, or the site itself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
    ]
