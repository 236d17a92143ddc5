from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.people.roles import ROLES


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. What a person may do comes only from mandates; there are no superusers."""

    class Language(models.TextChoices):
        SPANISH = "es", "Español"
        ENGLISH = "en", "English"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.SPANISH)
    zone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text=_("An invented person, who exists only in a demo"))
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    PERSONAL_FIELDS = {
        "email": "erased when the account is closed and its last mandate is five years old",
        "name": "erased with the account; the audit keeps the number, never the name",
        "password": "erased with the account",
        "last_login": "erased with the account",
    }
    IMPERSONAL_FIELDS = ("zone",)  # a country's, not a person's

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else ""


class Mandate(models.Model):
    """A role held for a country, an organisation or the forum, between two dates, both included."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    role = models.CharField(max_length=30, choices=[(role.code, role.title) for role in ROLES.values()])
    country = models.ForeignKey("countries.Country", null=True, blank=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("mandate")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_mandate_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[code for code in ROLES if ROLES[code].held_for != "country"])
                | models.Q(country__isnull=False),
                name="a_national_role_names_its_country",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    role__in=[code for code in ROLES if ROLES[code].held_for != "organisation"]
                )
                | models.Q(organisation__isnull=False),
                name="an_organisation_s_role_names_it",
            ),
        ]
        indexes = [models.Index(fields=["person", "starts_on", "ends_on"])]

    def __str__(self) -> str:
        return f"{self.role} · {self.country_id or self.organisation_id or '—'}"
