import django.db.models.deletion
from django.db import migrations, models
from wagtail.fields import StreamField


def page_pointer() -> models.OneToOneField:
    return models.OneToOneField(
        to="wagtailcore.page",
        on_delete=django.db.models.deletion.CASCADE,
        parent_link=True,
        auto_created=True,
        primary_key=True,
        serialize=False,
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = (("wagtailcore", "0089_log_entry_data_json_null_to_object"),)
    operations = (
        migrations.CreateModel(
            name="ArticlePage",
            fields=[
                ("page_ptr", page_pointer()),
                ("standfirst", models.TextField(blank=True)),
                ("body", StreamField([], blank=True, use_json_field=True)),
            ],
            options={"abstract": False},
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="SectionPage",
            fields=[("page_ptr", page_pointer())],
            options={"abstract": False},
            bases=("wagtailcore.page",),
        ),
    )
