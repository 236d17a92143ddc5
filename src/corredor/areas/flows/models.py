"""What flows keep: what is counted, where, by whom; and every figure ever stated, with the batch that brought it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.sharing import Level


class Measure(models.Model):
    """What is counted. One measure is never added to another."""

    code = models.CharField(primary_key=True, max_length=60)
    name_en = models.CharField(max_length=200)
    name_es = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, help_text=_("persons or events"))
    kind = models.CharField(max_length=10, help_text=_("flow or stock"))
    definition_en = models.TextField(blank=True)
    definition_es = models.TextField(blank=True)
    notes_en = models.TextField(blank=True)
    notes_es = models.TextField(blank=True)

    class Meta:
        verbose_name = _("measure")

    def __str__(self) -> str:
        return self.code


class Gate(models.Model):
    """Where it is counted. A parent has figures of its own and is never the sum shown beside its children."""

    code = models.CharField(primary_key=True, max_length=60)
    name_en = models.CharField(max_length=200)
    name_es = models.CharField(max_length=200)
    country = models.CharField(max_length=3, blank=True, help_text=_("ISO 3166-1 alpha-3"))
    other_country = models.CharField(max_length=3, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    kind = models.CharField(max_length=20)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    coord_source = models.CharField(max_length=40, blank=True)
    corridor_order = models.IntegerField(null=True, blank=True, help_text=_("South to north"))

    class Meta:
        verbose_name = _("gate")

    def __str__(self) -> str:
        return self.code


class Source(models.Model):
    """Who publishes, under which attribution, and how its files are read."""

    code = models.CharField(primary_key=True, max_length=60)
    name_en = models.CharField(max_length=200)
    name_es = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    country = models.CharField(
        max_length=3, blank=True, help_text=_("The country whose figures these are; empty for none")
    )
    adapters = models.JSONField(default=list)
    mapping = models.JSONField(null=True, blank=True, help_text=_("How its last file was understood"))
    citation = models.TextField(blank=True)
    attribution_en = models.TextField(blank=True)
    attribution_es = models.TextField(blank=True)
    licence_note_en = models.TextField(blank=True)
    licence_note_es = models.TextField(blank=True)
    default_level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEMBERS)
    small_cell_threshold = models.PositiveSmallIntegerField(
        default=5, help_text=_("Counts below this are not shown outside the country; 0 shows all")
    )

    class Meta:
        verbose_name = _("source")

    def __str__(self) -> str:
        return self.code


class Series(models.Model):
    """One combination of source, measure, gate, frequency and break-down, whose figures follow each other in time.

    ``basis`` is "published" for what the source states. What Corredor sums says of what: "sum:nationality" adds the
    nationalities of the same source, measure and gate; "sum:days" the days of a month; "sum:file" was summed while
    reading the file.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="series")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT)
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT)
    frequency = models.CharField(max_length=1)
    nationality = models.CharField(max_length=3, default="ALL")
    departure = models.CharField(max_length=3, default="ALL")
    sex = models.CharField(max_length=3, default="ALL")
    age = models.CharField(max_length=10, default="ALL")
    direction = models.CharField(max_length=5, default="ALL")
    detail = models.CharField(max_length=500, blank=True, default="")
    basis = models.CharField(max_length=80, default="published")
    is_whole = models.BooleanField(
        default=False, help_text=_("Counts everybody at its gate, not a part of them")
    )
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    first_period = models.DateField(null=True)
    last_period = models.DateField(null=True)

    class Meta:
        verbose_name = _("series")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "source",
                    "measure",
                    "gate",
                    "frequency",
                    "nationality",
                    "departure",
                    "sex",
                    "age",
                    "direction",
                    "detail",
                    "basis",
                ],
                name="one_series_per_combination",
            )
        ]
        indexes = [
            models.Index(fields=["nationality", "frequency"], name="series_by_nationality"),
            models.Index(fields=["gate", "frequency", "nationality"], name="series_by_gate"),
            models.Index(fields=["is_whole", "frequency"], name="whole_series"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.measure_id} {self.gate_id} {self.frequency} {self.nationality}"


class Batch(models.Model):
    """One import: which file said what, who brought it, when it became known, how far it is published.

    Batches of a source follow each other: a later number never became known earlier.
    """

    class Status(models.TextChoices):
        READING = "reading", _("Being read")
        KEPT = "kept", _("Kept")
        FAILED = "failed", _("Not kept")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="batches")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    adapter = models.CharField(max_length=60)
    mapping = models.JSONField(null=True, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    imported_at = models.DateTimeField(default=clock.now)
    known_at = models.DateTimeField(help_text=_("When these figures became known"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READING)
    unfinished_until = models.DateField(
        null=True, help_text=_("Last day of the latest period that was not over; the file may say more then")
    )
    process = models.CharField(
        max_length=120, blank=True, help_text=_("Machine and process that reads it, while it does")
    )
    failure_en = models.TextField(blank=True)
    failure_es = models.TextField(blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.OWN)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    covers = models.JSONField(default=list, help_text=_("“measure gate” pairs the file speaks of"))
    read = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    revised = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    summed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        indexes = [models.Index(fields=["source", "status", "id"]), models.Index(fields=["sha256"])]

    def __str__(self) -> str:
        return f"{self.source_id} {self.pk}"


class Refusal(models.Model):
    """A row or cell of a file that was not taken, with the reason in both languages."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    sheet = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=60)
    reason_en = models.TextField()
    reason_es = models.TextField()
    found = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row} {self.code}"


class TotalCheck(models.Model):
    """A total the file states, checked against its parts instead of imported."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="checks")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    sheet = models.CharField(max_length=120, blank=True)
    what = models.CharField(max_length=200)
    stated = models.BigIntegerField()
    summed = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.batch_id} {self.what}"

    @property
    def agrees(self) -> bool:
        return self.stated == self.summed


class Observation(models.Model):
    """What a batch says of a series in a period. Written once: a correction is a row of a later batch.

    ``value`` is empty where a small count is hidden; ``low`` and ``high`` hold the range then. A part is a running
    total of an unfinished period, or a sum some of whose parts are missing.
    """

    class Status(models.IntegerChoices):
        PROVISIONAL = 0, _("Provisional")
        VALIDATED = 1, _("Validated")
        REVISED = 2, _("Revised")

    pk = models.CompositePrimaryKey("series", "period", "batch")
    # The primary key begins with the series; no page asks for a batch's rows, so neither needs an index of its own.
    series = models.ForeignKey(Series, on_delete=models.PROTECT, db_index=False, related_name="observations")
    period = models.DateField(help_text=_("First day of the period"))
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, db_index=False, related_name="observations")
    value = models.BigIntegerField(null=True)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    status = models.SmallIntegerField(choices=Status.choices)
    is_part = models.BooleanField(default=False)
    parts = models.IntegerField(null=True, help_text=_("How many figures were summed; empty when published"))

    class Meta:
        verbose_name = _("observation")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=False) | models.Q(low__isnull=False, high__isnull=False),
                name="a_value_or_a_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period}"


class Coverage(models.Model):
    """The first and last period (by their first days) of what a batch wrote about a series.

    It tells without reading observations who may know of the series, and from when to when.
    """

    pk = models.CompositePrimaryKey("series", "batch")
    series = models.ForeignKey(Series, on_delete=models.CASCADE, db_index=False, related_name="coverage")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, db_index=False, related_name="coverage")
    first_period = models.DateField()
    last_period = models.DateField()

    def __str__(self) -> str:
        return f"{self.series_id} {self.batch_id}"


class QualityNote(models.Model):
    """What a person says beside a number. It never changes the number."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="notes")
    period = models.DateField(null=True, help_text=_("Empty when it is about the whole series"))
    text_en = models.TextField(blank=True)
    text_es = models.TextField(blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.OWN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("quality note")

    def __str__(self) -> str:
        return f"{self.series_id} {self.period or ''}"
