"""What a written nationality means."""

from collections import defaultdict

import pytest
from babel import Locale

from corredor.areas.flows.adapters import nationality
from corredor.areas.flows.adapters.figures import ALL, OTHER, Place


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CHINA, PEOPLES REPUBLIC OF", "CHN"),
        ("China, People's Republic", "CHN"),
        ("MYANMAR (BURMA)", "MMR"),
        ("Congo, Rep. Dem.", "COD"),
        ("Congo, Rep.", "COG"),
        ("Viet Nam", "VNM"),
        ("Territorios palestinos", "PSE"),
        ("Dominicana, Rep.", "DOM"),
        ("Dominica (Commonwealth)", "DMA"),
        ("Corea, Rep. (Sur)", "KOR"),
        ("Bermudas, Islas (R. Unido)", "BMU"),
        ("Bosnia-Herzegovina", "BIH"),
        ("Cote d'Ivoire", "CIV"),
        ("república bolivariana de venezuela", "VEN"),
        ("  HAITÍ ", "HTI"),
        ("Myanmar", "MMR"),
        ("Dem. People's Rep. of Korea", "PRK"),
        ("Dem. Rep. of the Congo", "COD"),
        ("China, Hong Kong SAR", "HKG"),
        ("Iran (Islamic Rep. of)", "IRN"),
        ("Micronesia (Federated States of)", "FSM"),
        ("United Rep. of Tanzania", "TZA"),
        ("Czech Rep.", "CZE"),
        ("Türkiye", "TUR"),
        ("Bolivia (Estado Plurinacional de)", "BOL"),
        ("Reino Unido de Gran Bretaña e Irlanda del Norte", "GBR"),
        ("Various/Unknown", OTHER),
        ("Hondureña", "HND"),
        ("venezolano(a)", "VEN"),
        ("Kosovo", "XKX"),
        ("Apátriadas", "XXA"),
        ("Serbia and Montenegro (former)", "SCG"),
        ("VEN", "VEN"),
        ("HN", "HND"),
        ("STL", "XXA"),
        ("OTHER", OTHER),
        ("No especificado", OTHER),
        ("Total general", ALL),
    ],
)
def test_a_name_is_understood_as_publishers_write_it(written: str, code: str) -> None:
    assert nationality.iso3(written) == code


@pytest.mark.parametrize("language", ["en", "es", "es_MX"])
def test_every_country_is_understood_in_both_languages(language: str) -> None:
    names = Locale.parse(language).territories

    for alpha3, alpha2 in nationality.alpha2_by_alpha3().items():
        assert nationality.iso3(str(names[alpha2])) == alpha3
        assert nationality.iso3(str(names[alpha2]).upper()) == alpha3


def test_no_name_means_two_countries() -> None:
    meant = defaultdict(set)
    for language in nationality.LANGUAGES:
        for alpha3, alpha2 in nationality.alpha2_by_alpha3().items():
            written = str(Locale.parse(language).territories[alpha2])
            meant[nationality.key(written)].add(alpha3)
            meant[nationality.key(nationality._without_brackets(written))].add(alpha3)
    for alias in nationality._aliases():
        for form in alias.forms():
            meant[nationality.key(form)].add(alias.iso3)

    assert {name: codes for name, codes in meant.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("written", ["Hondruas", "Dominican", "Congolese", "", "12", "Atlántida"])
def test_nothing_is_guessed(written: str) -> None:
    assert nationality.iso3(written) is None


def test_an_unknown_name_is_refused_with_what_may_have_been_meant() -> None:
    refusal = nationality.unknown("Hondruas", Place(row=7, column="País"))

    assert refusal.code == "unknown-nationality"
    assert refusal.found == "Hondruas"
    assert "Honduras (HND)" in refusal.reason_en
    assert "Honduras (HND)" in refusal.reason_es
    assert refusal.place == Place(row=7, column="País")


def test_suggestions_name_each_country_once_best_first() -> None:
    near = nationality.suggestions("Niger1a", limit=5)

    assert near[0].iso3 == "NGA"
    assert len({s.iso3 for s in near}) == len(near)


def test_every_alias_answers_with_a_listed_code() -> None:
    assert {alias.iso3 for alias in nationality._aliases()} <= nationality.codes()
    assert {"HND", "XKX", "XXA", "SUN", OTHER, ALL} <= nationality.codes()
    assert not {"XKK", "XAA", "QUU", "ZZZ"} & nationality.codes()
