from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock


class Installation(models.Model):
    """What this database is: a real one or a demo, for ever. One row."""

    class Kind(models.TextChoices):
        REAL = "real", _("Real")
        DEMO = "demo", _("Demo")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    identity = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    probed_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("When a health check last wrote here, to see that writing works"),
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_installation")]

    def __str__(self) -> str:
        return f"{self.kind} {self.identity}"
