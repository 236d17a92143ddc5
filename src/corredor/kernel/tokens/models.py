from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock


class Token(models.Model):
    """A key with which a program acts as a person through the API. Its text was shown once; only a digest is kept."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, help_text=_("What it is for, in its owner's words"))
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4, help_text=_("Its last letters, to recognise it by"))
    reads_only = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    PERSONAL_FIELDS = {
        "name": "erased 90 days after the token ended, or with the account",
        "digest": "erased 90 days after the token ended, or with the account",
        "ending": "erased 90 days after the token ended, or with the account",
    }

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="a_token_lives_for_a_while"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} …{self.ending}"

    def is_alive(self, now: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked_at is None and now < self.expires_at
