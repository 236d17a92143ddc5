from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock


class Job(models.Model):
    """Work somebody asked for, written with what asked for it; done, failed, or still to be done.

    A turn is one hand-over to the engine. Waiting and trying again end a turn and begin the next one.
    """

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=160, help_text=_("What makes asking twice asking once"))
    arguments = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField()
    turn = models.PositiveIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=40, blank=True)
    faults = models.PositiveIntegerField(default=0)
    last_fault = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["name", "key"], name="asking_twice_is_asking_once"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(failed_at__isnull=True),
                name="a_job_is_done_or_failed_not_both",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(handed_over_at__isnull=True, done_at__isnull=True, failed_at__isnull=True),
                name="jobs_to_hand_over",
            ),
            models.Index(
                fields=["handed_over_at"],
                condition=models.Q(done_at__isnull=True, failed_at__isnull=True),
                name="jobs_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"

    @property
    def workflow(self) -> str:
        """The engine's name for the present turn."""
        return f"{self.name}/{self.key}/{self.turn}"


class Slot(models.Model):
    """A place at which one worker works. Its name is what the engine knows the worker by, in life after life."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.UUIDField(
        null=True, help_text=_("The life that holds it; empty when it was left in order")
    )
    host = models.CharField(max_length=120, blank=True)
    process = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField()
    is_taken_over = models.BooleanField(
        default=True, help_text=_("Whether the work its last holder left was taken up")
    )

    class Meta:
        verbose_name = _("worker")

    def __str__(self) -> str:
        return self.name
