from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock


class Message(models.Model):
    """Words to one reader, in the reader's language, and how far they have come.

    Queued, then handed over to a mail server or gateway, then delivered or failed as that one reports; each step keeps
    its own time. Without a carrier for its channel a message is kept: it stays in the outbox page and goes no further.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        SMS = "sms", _("Text message")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        KEPT = "kept", _("Kept in the outbox")
        HANDED_OVER = "handed_over", _("Handed over")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    key = models.CharField(max_length=150, unique=True, help_text=_("What makes sending twice sending once"))
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    address = models.CharField(max_length=254, help_text=_("Mail address or telephone number"))
    channel = models.CharField(max_length=4, choices=Channel.choices, default=Channel.MAIL)
    language = models.CharField(max_length=2, blank=True, help_text=_("Empty: in both languages"))
    subject = models.CharField(max_length=250, blank=True)
    body = models.TextField()
    country = models.ForeignKey(
        "countries.Country",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Whose words these are; empty for the forum's"),
    )
    is_private = models.BooleanField(
        default=False, help_text=_("Only its reader may see it, such as a link to a new password")
    )
    queued_at = models.DateTimeField(default=clock.now, editable=False)
    kept_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_fault = models.CharField(max_length=120, blank=True)

    PERSONAL_FIELDS = {
        "person": "erased with the account, and with the message after a year",
        "address": "erased with the message after a year",
        "subject": "erased with the message after a year",
        "body": "erased with the message after a year; when it is private, once handed over or after a day in the outbox",
    }

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivered_at__isnull=True)
                | models.Q(handed_over_at__isnull=False, failed_at__isnull=True),
                name="delivered_after_it_was_handed_over",
            ),
            models.CheckConstraint(
                condition=models.Q(kept_at__isnull=True)
                | models.Q(handed_over_at__isnull=True, delivered_at__isnull=True, failed_at__isnull=True),
                name="what_is_kept_goes_no_further",
            ),
        ]
        indexes = [models.Index(fields=["-queued_at"]), models.Index(fields=["person", "-queued_at"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"

    @property
    def state(self) -> State:
        """The last step it took."""
        steps = (
            (self.failed_at, self.State.FAILED),
            (self.delivered_at, self.State.DELIVERED),
            (self.handed_over_at, self.State.HANDED_OVER),
            (self.kept_at, self.State.KEPT),
        )
        return next((state for moment, state in steps if moment), self.State.QUEUED)
