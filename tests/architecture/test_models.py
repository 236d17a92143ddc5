"""What imports cannot show: where foreign keys lead, and what is kept about people."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from tests.architecture.impersonal import IMPERSONAL

from corredor.kernel.people import personal_data


def place_of(model: type[models.Model]) -> tuple[str, ...]:
    """("corredor", "areas", "flows") for a model of corredor.areas.flows.models."""
    return tuple(model.__module__.split(".")[:3])


def our_relations() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (f"{model._meta.label}.{field.name}", place_of(model), place_of(field.related_model))
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("corredor.")
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and isinstance(field.related_model, type)
    ]


def test_foreign_keys_stay_in_their_area_or_lead_to_the_kernel():
    relations = our_relations()

    astray = [
        name for name, here, there in relations if there != here and there[:2] != ("corredor", "kernel")
    ]

    assert len(relations) > 5
    assert astray == []


def test_nothing_points_into_protection_or_the_audit():
    closed = {("corredor", "areas", "protection"), ("corredor", "kernel", "audit")}

    assert [name for name, here, there in our_relations() if there in closed and here != there] == []


def test_every_text_kept_about_a_person_is_classified():
    placed = {f"{model}.{field}" for model, fields in IMPERSONAL.items() for field in fields}

    assert [field for field in personal_data.unclassified() if field not in placed] == []
    assert placed <= set(personal_data.unclassified()), "no longer needed in impersonal.py"


def test_a_person_can_be_erased_from_every_record():
    """No record holds a person back: what points to one goes with it, or forgets who it was."""
    from corredor.kernel.people.models import Person

    held = [
        f"{model._meta.label}.{field.name}"
        for model in personal_data.models_about_people()
        for field in model._meta.concrete_fields
        if field.related_model is Person
        and field.remote_field.on_delete not in (models.CASCADE, models.SET_NULL)
    ]

    assert held == []


def test_every_personal_field_exists_and_says_when_it_is_erased():
    for one in personal_data.kept():
        apps.get_model(one.model)._meta.get_field(one.field)
        assert any(word in one.erased for word in ("erased", "never kept", "kept")), (
            f"{one.model}.{one.field}"
        )


def test_a_text_nobody_classified_is_found(monkeypatch):
    from corredor.kernel.people.models import Person

    known = {name: rule for name, rule in Person.PERSONAL_FIELDS.items() if name != "name"}
    monkeypatch.setattr(Person, "PERSONAL_FIELDS", known)

    assert "people.Person.name" in list(personal_data.unclassified())


@pytest.mark.parametrize("label", personal_data.OF_LIBRARIES)
def test_the_models_of_libraries_listed_are_there(label):
    assert apps.get_model(label)
