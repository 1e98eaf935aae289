from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0008_move_descriptions"),
    ]

    operations = [
        migrations.RemoveField(model_name="organisation", name="description"),
    ]
