import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="PendingPage",
            fields=[
                ("page_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=32)),
                ("first_marked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("closes", models.BooleanField(default=False)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_attempt_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="ToldPage",
            fields=[
                ("page_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(blank=True, default="", max_length=20)),
                ("visibility", models.CharField(blank=True, default="", max_length=40)),
                ("fingerprint", models.CharField(blank=True, default="", max_length=64)),
                ("as_of", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(db_index=True, null=True)),
            ],
        ),
    )
