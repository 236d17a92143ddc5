from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """An office people work for: a ministry, an observer organisation, the secretariat, a civil-society network."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("Ministry or national institution")
        OBSERVER = "observer", _("Observer organisation")
        SECRETARIAT = "secretariat", _("Executive Secretariat")
        CIVIL_SOCIETY = "civil_society", _("Civil society")

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    country = models.ForeignKey("countries.Country", null=True, blank=True, on_delete=models.PROTECT)
    name_en = models.CharField(max_length=160)
    name_es = models.CharField(max_length=160)
    acronym_en = models.CharField(max_length=20, blank=True)
    acronym_es = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("organisation")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="ministry") | models.Q(country__isnull=False),
                name="a_ministry_belongs_to_a_country",
            )
        ]

    def __str__(self) -> str:
        return self.name_es if (get_language() or "es").startswith("es") else self.name_en
