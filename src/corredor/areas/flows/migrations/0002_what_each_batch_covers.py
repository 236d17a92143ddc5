"""What each batch speaks of, from when to when; filled from the observations that are already kept."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
    INSERT INTO flows_coverage (series_id, batch_id, first_period, last_period)
    SELECT series_id, batch_id, min(period), max(period) FROM flows_observation GROUP BY series_id, batch_id
"""


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_figures_with_their_batches")]

    operations = [
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "series", "batch", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_period", models.DateField()),
                ("last_period", models.DateField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverage",
                        to="flows.batch",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverage",
                        to="flows.series",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
