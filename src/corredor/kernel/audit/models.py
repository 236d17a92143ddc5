from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditHead(models.Model):
    """The last link of one chain. A chain belongs to a country, or to the forum as a whole ("FORUM")."""

    chain = models.CharField(primary_key=True, max_length=5)
    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain} {self.length}"


class AuditLine(models.Model):
    """Who did what to what, when. Written once, chained by digest, never changed.

    It points at nothing by foreign key, so that erasing a person or a thing leaves the chain whole; it holds numbers
    and codes, never names.
    """

    chain = models.CharField(max_length=5)
    position = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.PositiveBigIntegerField(
        null=True, help_text=_("The person's number; empty for the system")
    )
    roles = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=60)
    thing = models.CharField(max_length=80, help_text=_("app.model:key"))
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit line")
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="one_line_per_link")]
        indexes = [models.Index(fields=["thing"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.chain}/{self.position} {self.verb} {self.thing}"
