from datetime import date

import pytest

from corredor.kernel.countries import queries
from corredor.kernel.countries.models import Country, HolidayChange
from corredor.kernel.countries.names import country_name, is_country

pytestmark = pytest.mark.usefixtures("countries")


def test_members_stand_in_the_protocol_order_of_the_document_s_language():
    spanish = [country.iso3 for country in queries.members("es")]
    english = [country.iso3 for country in queries.members("en")]

    assert len(spanish) == len(english) == 11
    assert spanish.index("USA") == spanish.index("SLV") + 1  # El Salvador, Estados Unidos
    assert spanish[-1] == "DOM"  # República Dominicana closes in Spanish
    assert english[-1] == "USA"
    assert english.index("DOM") == english.index("CRI") + 1


def test_independence_day_of_five_countries_is_a_holiday_in_both_languages():
    for iso3 in ("GTM", "SLV", "HND", "NIC", "CRI"):
        country = Country.objects.get(pk=iso3)

        assert date(2025, 9, 15) in queries.holidays_of(country, 2025, "es")
        assert date(2025, 9, 15) in queries.holidays_of(country, 2025, "en")


def test_a_change_of_the_calendar_is_data():
    panama = Country.objects.get(pk="PAN")
    HolidayChange.objects.create(
        country=panama, day=date(2025, 9, 16), is_holiday=True, name_en="Bridge", name_es="Puente"
    )
    HolidayChange.objects.create(
        country=panama, day=date(2025, 11, 3), is_holiday=False, name_en="Worked", name_es="Laborado"
    )

    days = queries.holidays_of(panama, 2025)

    assert days[date(2025, 9, 16)] == "Puente"
    assert date(2025, 11, 3) not in days
    assert queries.next_working_day(panama, date(2025, 9, 13)) == date(2025, 9, 15)


def test_loading_twice_changes_nothing():
    from corredor.kernel.countries.services import load_reference_countries

    before = list(Country.objects.values())
    load_reference_countries()

    assert list(Country.objects.values()) == before


def test_every_country_has_a_name_in_both_languages():
    assert country_name("HTI", "es") == "Haití"
    assert country_name("CHN", "en") == "China"
    assert country_name("OOO", "en") == "Other or unspecified"
    assert is_country("VEN")
    assert not is_country("QQQ")
