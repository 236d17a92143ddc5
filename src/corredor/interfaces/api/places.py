"""What figures are about: countries, organisations, gates, measures, sources; and the pages made of them."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema

from corredor.areas.flows import queries
from corredor.areas.flows.queries.reading import Cards
from corredor.areas.flows.queries.things import GateCard, MeasureCard, SourceCard
from corredor.interfaces.api.contract import ApiRequest
from corredor.interfaces.api.fields import Iso3, KnownOn, WordsOut, words
from corredor.interfaces.api.operations import read
from corredor.interfaces.api.paging import Page, all_of
from corredor.interfaces.api.shapes import GateSituationOut, HeadlineOut, gate_situation, headline
from corredor.kernel.countries import queries as countries_known
from corredor.kernel.countries.models import Country
from corredor.kernel.organisations import queries as organisations_known
from corredor.kernel.organisations.models import Organisation


class CountryOut(Schema):
    """A State of the forum. ``place`` is where protocol puts it among its kind, in each language."""

    iso3: Iso3
    iso2: str
    standing: Literal["member", "observer"]
    name: WordsOut
    protocol_order: dict[Literal["en", "es"], int]
    zones: list[str]


class OrganisationOut(Schema):
    """An office people work for."""

    code: str
    kind: str
    name: WordsOut
    acronym: WordsOut
    country: Iso3 | None


class GateOut(Schema):
    """Where something is counted; degrees, null off the map; ``order`` from south to north."""

    code: str
    name: WordsOut
    country: str | None
    kind: str
    lat: float | None
    lon: float | None
    order: int | None
    parent: str | None


class MeasureOut(Schema):
    """What is counted; one measure is never added to another."""

    code: str
    name: WordsOut
    unit: str
    kind: str
    definition: WordsOut
    notes: WordsOut


class SourceOut(Schema):
    """Who states a figure, and what must be said when it is shown again."""

    code: str
    name: WordsOut
    publisher: str
    country: str | None
    attribution: WordsOut
    licence_note: WordsOut
    citation: str
    small_cell_threshold: int


class GatePageOut(Schema):
    """One gate with the newest of each source and measure: side by side, never added."""

    gate: GateOut
    children: list[str]
    headlines: list[HeadlineOut]


class PlacePageOut(Schema):
    """A country or a nationality along the corridor, gate by gate."""

    code: str
    name: WordsOut
    gates: list[GateSituationOut]


class SituationOut(Schema):
    """The corridor as this reader may see it: gates from south to north, then those off the corridor."""

    as_known_on: str | None
    latest_known_at: str | None
    gates: list[GateSituationOut]


class NationalityOut(Schema):
    """A nationality of which the reader may see some figure."""

    code: str
    name: WordsOut


@read("/countries", action="flows.read", en="The forum's countries, members first", es="Los países del foro, primero los miembros", answer=Page[CountryOut])  # fmt: skip
def countries(request: ApiRequest) -> Any:
    """Each in both languages with its place in protocol, which is another in each."""
    found = []
    for listed in (countries_known.members, countries_known.observers):
        in_spanish = [one.iso3 for one in listed("es")]
        found += [
            country_out(one, place, in_spanish.index(one.iso3) + 1)
            for place, one in enumerate(listed("en"), start=1)
        ]
    return all_of(found)


def country_out(country: Country, in_english: int, in_spanish: int) -> dict[str, Any]:
    return {
        "iso3": country.iso3,
        "iso2": country.iso2,
        "standing": country.standing,
        "name": {"en": country.name_en, "es": country.name_es},
        "protocol_order": {"en": in_english, "es": in_spanish},
        "zones": country.zones,
    }


@read("/countries/{iso3}", action="flows.read", en="What is counted in one country, gate by gate", es="Lo que se cuenta en un país, punto por punto", answer=PlacePageOut)  # fmt: skip
def country(request: ApiRequest, iso3: Iso3, as_known_on: KnownOn = None) -> Any:
    found = queries.country(request.actor, iso3, as_known_on=as_known_on)
    return {
        "code": found.iso3,
        "name": words(found.name),
        "gates": [gate_situation(one) for one in found.gates],
    }


@read("/organisations", action="flows.read", en="The organisations people work for", es="Las organizaciones para las que se trabaja", answer=Page[OrganisationOut])  # fmt: skip
def organisations(request: ApiRequest) -> Any:
    return all_of([organisation_out(one) for one in organisations_known.organisations("en")])


def organisation_out(organisation: Organisation) -> dict[str, Any]:
    return {
        "code": organisation.code,
        "kind": organisation.kind,
        "name": {"en": organisation.name_en, "es": organisation.name_es},
        "acronym": {"en": organisation.acronym_en, "es": organisation.acronym_es},
        "country": organisation.country_id,
    }


@read("/gates", action="flows.read", en="Every gate, from south to north", es="Todos los puntos de control, de sur a norte", answer=Page[GateOut])  # fmt: skip
def gates(request: ApiRequest) -> Any:
    return all_of([gate_out(one) for one in queries.gates()])


def gate_out(card: GateCard) -> dict[str, Any]:
    return {
        "code": card.code,
        "name": words(card.name),
        "country": card.country or None,
        "kind": card.kind,
        "lat": card.lat,
        "lon": card.lon,
        "order": card.order,
        "parent": card.parent or None,
    }


@read("/gates/{code}", action="flows.read", en="One gate with its newest figures", es="Un punto de control con sus cifras más recientes", answer=GatePageOut)  # fmt: skip
def gate(request: ApiRequest, code: str, as_known_on: KnownOn = None) -> Any:
    found = queries.gate(request.actor, code, as_known_on=as_known_on)
    return {
        "gate": gate_out(found.gate),
        "children": [one.code for one in found.children],
        "headlines": [headline(one) for one in found.headlines],
    }


@read("/measures", action="flows.read", en="What is counted, with its definition", es="Lo que se cuenta, con su definición", answer=Page[MeasureOut])  # fmt: skip
def measures(request: ApiRequest) -> Any:
    return all_of([measure_out(card) for _code, card in sorted(Cards().measures.items())])


def measure_out(card: MeasureCard) -> dict[str, Any]:
    return {
        "code": card.code,
        "name": words(card.name),
        "unit": card.unit,
        "kind": card.kind,
        "definition": words(card.definition),
        "notes": words(card.notes),
    }


@read("/sources", action="flows.read", en="Who states figures, and how each is to be cited", es="Quién da las cifras y cómo se cita cada fuente", answer=Page[SourceOut])  # fmt: skip
def sources(request: ApiRequest) -> Any:
    return all_of([source_out(card) for card in queries.sources()])


def source_out(card: SourceCard) -> dict[str, Any]:
    return {
        "code": card.code,
        "name": words(card.name),
        "publisher": card.publisher,
        "country": card.country or None,
        "attribution": words(card.attribution),
        "licence_note": words(card.licence_note),
        "citation": card.citation,
        "small_cell_threshold": card.small_cell_threshold,
    }


@read("/nationalities", action="flows.read", en="The nationalities of which there are figures", es="Las nacionalidades de las que hay cifras", answer=Page[NationalityOut])  # fmt: skip
def nationalities(request: ApiRequest) -> Any:
    return all_of(
        [{"code": code, "name": words(name)} for code, name in queries.nationalities(request.actor)]
    )


@read("/nationalities/{iso3}", action="flows.read", en="One nationality along the corridor", es="Una nacionalidad a lo largo del corredor", answer=PlacePageOut)  # fmt: skip
def nationality(request: ApiRequest, iso3: Iso3, as_known_on: KnownOn = None) -> Any:
    found = queries.nationality(request.actor, iso3, as_known_on=as_known_on)
    return {
        "code": found.iso3,
        "name": words(found.name),
        "gates": [gate_situation(one) for one in found.gates],
    }


@read("/situation", action="flows.read", en="The corridor, gate by gate", es="El corredor, punto por punto", answer=SituationOut)  # fmt: skip
def situation(request: ApiRequest, as_known_on: KnownOn = None) -> Any:
    """Today, or as it was known at the end of a day."""
    found = queries.situation(request.actor, as_known_on=as_known_on)
    return {
        "as_known_on": found.as_known_on.isoformat() if found.as_known_on else None,
        "latest_known_at": found.latest_known_at.isoformat() if found.latest_known_at else None,
        "gates": [gate_situation(one) for one in found.gates],
    }
