from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock


class StoredEvent(models.Model):
    """Something that happened, written in the transaction in which it happened."""

    name = models.CharField(max_length=120)
    facts = models.JSONField()
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("event")

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Delivery(models.Model):
    """One listener's share of one event: tried again, ever more slowly, until it is done."""

    event = models.ForeignKey(StoredEvent, on_delete=models.CASCADE, related_name="deliveries")
    listener = models.CharField(max_length=120)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    last_fault = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint(fields=["event", "listener"], name="one_delivery_per_listener")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(done_at__isnull=True), name="deliveries_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.listener}"
