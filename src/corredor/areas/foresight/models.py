from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.sharing import Level


class Issue(models.Model):
    """One act of issuing: when, by whom, from what knowledge, with which version of the code."""

    issued_at = models.DateTimeField(default=clock.now, editable=False)
    issued_by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.SET_NULL)
    known_on = models.DateField(
        null=True, help_text=_("Only figures known by this day were used; empty: all")
    )
    code_version = models.CharField(max_length=20)
    seed = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("issue of forecasts")

    def __str__(self) -> str:
        return f"{self.issued_at:%Y-%m-%d %H:%M}"


class Forecast(models.Model):
    """A forecast of one flow, frozen as issued. It is as widely shared as the figures it rests on."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="forecasts")
    flow = models.CharField(max_length=700)
    measure = models.CharField(max_length=40)
    gate = models.CharField(max_length=40)
    nationality = models.CharField(max_length=3)
    frequency = models.CharField(max_length=1)
    source = models.CharField(max_length=40)
    country = models.CharField(max_length=3)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    method = models.CharField(max_length=40)
    origin = models.DateField(help_text=_("First day of the last whole period known"))
    last_count = models.PositiveBigIntegerField()
    known_on = models.DateField(help_text=_("The day on which the newest figure used became known"))
    remarks = models.JSONField(default=list)
    digest = models.CharField(max_length=64, help_text=_("Of the figures used"))
    batches = models.JSONField(default=list, help_text=_("The imports whose figures were used"))
    retracted_at = models.DateTimeField(null=True, help_text=_("When figures it rests on were taken back"))

    class Meta:
        verbose_name = _("forecast")
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "level", "method", "origin", "digest"], name="same_knowledge_same_forecast"
            )
        ]
        indexes = [
            models.Index(fields=["flow", "level", "-origin"]),
            models.Index(fields=["gate", "measure"]),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.origin:%Y-%m}"


class Step(models.Model):
    """One period of a forecast: the 23 quantiles, and beside them those of the two simple forecasts."""

    forecast = models.ForeignKey(Forecast, on_delete=models.CASCADE, related_name="steps")
    horizon = models.PositiveSmallIntegerField()
    target = models.DateField()
    quantiles = models.JSONField()
    cube_root_walk = models.JSONField()
    last_value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forecast", "horizon"], name="one_step_per_horizon")]
        indexes = [models.Index(fields=["target"])]

    def __str__(self) -> str:
        return f"{self.forecast_id} +{self.horizon}"


class Outcome(models.Model):
    """What came, and how the forecast and its baseline fared. A revised figure is another outcome, not a change."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="outcomes")
    observed = models.PositiveBigIntegerField()
    known_on = models.DateField()
    scored_at = models.DateTimeField(default=clock.now, editable=False)
    wis = models.FloatField(help_text=_("Weighted interval score, in persons or events"))
    wis_log = models.FloatField()
    baseline_wis = models.FloatField()
    baseline_wis_log = models.FloatField()
    in_50 = models.BooleanField()
    in_80 = models.BooleanField()
    in_95 = models.BooleanField()

    class Meta:
        verbose_name = _("outcome")
        constraints = [
            models.UniqueConstraint(fields=["step", "observed"], name="one_outcome_per_observed_figure")
        ]

    def __str__(self) -> str:
        return f"{self.step_id}: {self.observed}"


class Withheld(models.Model):
    """A flow for which no forecast is given now, and why. One row per flow and level; a later forecast removes it."""

    flow = models.CharField(max_length=700)
    gate = models.CharField(max_length=40)
    measure = models.CharField(max_length=40)
    nationality = models.CharField(max_length=3)
    country = models.CharField(max_length=3)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    code = models.CharField(max_length=40)
    reason_en = models.CharField(max_length=400)
    reason_es = models.CharField(max_length=400)
    since = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("withheld forecast")
        constraints = [
            models.UniqueConstraint(fields=["flow", "level"], name="one_reason_per_flow_and_level")
        ]

    def __str__(self) -> str:
        return f"{self.flow}: {self.code}"
