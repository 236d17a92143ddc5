"""What is kept about people who use Corredor, field by field, with the moment at which it is erased.

A model of ours says so itself: ``PERSONAL_FIELDS`` maps a field to its rule of erasure, ``IMPERSONAL_FIELDS`` names
the text that says nothing about a person. Models of the libraries we sign in with are listed here. A test finds what
neither names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

WITH_THE_SESSION = "erased when the session ends, at the latest by the daily round"
WITH_THE_ACCOUNT = "erased when the account is closed"
NEVER_KEPT = "never kept: Corredor signs in through an institution without storing what it says"

OF_LIBRARIES: dict[str, dict[str, str]] = {
    "usersessions.UserSession": {
        "ip": WITH_THE_SESSION,
        "user_agent": WITH_THE_SESSION,
        "session_key": WITH_THE_SESSION,
        "data": WITH_THE_SESSION,
    },
    "mfa.Authenticator": {"data": WITH_THE_ACCOUNT},
    "account.EmailAddress": {"email": "never kept: a person's address is the account's"},
    "socialaccount.SocialAccount": {"provider": NEVER_KEPT, "uid": NEVER_KEPT, "extra_data": NEVER_KEPT},
}

TELLING = (
    models.CharField,
    models.TextField,
    models.GenericIPAddressField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that says something about a person, and when it is erased."""

    model: str
    field: str
    erased: str


def models_about_people() -> list[type[models.Model]]:
    """The accounts themselves and every model that points to one."""
    from corredor.kernel.people.models import Person

    pointing = {
        model
        for model in apps.get_models()
        if any(field.related_model is Person for field in model._meta.get_fields() if field.concrete)
    }
    return sorted({Person, *pointing}, key=lambda model: model._meta.label)


def kept() -> list[Kept]:
    """Everything that is kept about people, as the page for the data protection officer lists it."""
    return [
        Kept(model._meta.label, name, rule)
        for model in models_about_people()
        for name, rule in _rules_of(model).items()
    ]


def unclassified() -> Iterator[str]:
    """The fields of models about people of which nobody has said whether they are personal."""
    for model in models_about_people():
        said = {*_rules_of(model), *getattr(model, "IMPERSONAL_FIELDS", ())}
        for field in model._meta.concrete_fields:
            if isinstance(field, TELLING) and not field.choices and field.name not in said:
                yield f"{model._meta.label}.{field.name}"


def _rules_of(model: type[models.Model]) -> dict[str, str]:
    rules: dict[str, str] = getattr(model, "PERSONAL_FIELDS", None) or OF_LIBRARIES.get(model._meta.label, {})
    return rules
