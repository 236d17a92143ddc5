from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Country(models.Model):
    """A State that takes part in the forum: one of the eleven members, or an observer country."""

    class Standing(models.TextChoices):
        MEMBER = "member", _("Member")
        OBSERVER = "observer", _("Observer")

    iso3 = models.CharField(primary_key=True, max_length=3)
    iso2 = models.CharField(max_length=2, unique=True)
    standing = models.CharField(max_length=10, choices=Standing.choices)
    name_en = models.CharField(max_length=80)
    name_es = models.CharField(max_length=80)
    order_name_en = models.CharField(
        max_length=80, help_text=_("The name by which protocol orders it in English")
    )
    order_name_es = models.CharField(
        max_length=80, help_text=_("The name by which protocol orders it in Spanish")
    )
    zones = models.JSONField(help_text=_("IANA time zones; the first is the capital's"))
    languages = models.JSONField(default=list)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    def __str__(self) -> str:
        return self.name_es if (get_language() or "es").startswith("es") else self.name_en

    @property
    def capital_zone(self) -> str:
        return str(self.zones[0])


class HolidayChange(models.Model):
    """A day on which a country's offices differ from the published calendar: added, or worked after all."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="holiday_changes")
    day = models.DateField()
    is_holiday = models.BooleanField()
    name_en = models.CharField(max_length=120)
    name_es = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "day"], name="one_change_per_country_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.day}"
