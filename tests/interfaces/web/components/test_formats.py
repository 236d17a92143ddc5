"""Numbers and dates as each language writes them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from corredor.interfaces.web.components import formats


@pytest.mark.parametrize(
    ("language", "written"), [("es", "36,841"), ("en", "36,841"), ("es_CR", "36\u00a0841")]
)
def test_thousands_are_grouped_as_the_reader_groups_them(language: str, written: str) -> None:
    assert formats.number(36841, language) == written


def test_four_digits_are_grouped_alike_in_both_languages() -> None:
    assert formats.number(4849, "es") == formats.number(4849, "en") == "4,849"


@pytest.mark.parametrize("unknown", [None, float("nan"), float("inf")])
def test_an_unknown_number_is_a_dash_and_never_a_zero(unknown: float | None) -> None:
    assert formats.number(unknown, "es") == "–"


def test_a_share_is_spaced_as_the_language_spaces_it() -> None:
    assert formats.share(0.694, "es") == "69\u00a0%"
    assert formats.share(0.694, "en") == "69%"
    assert formats.share(0.058, "en", 1) == "5.8%"


def test_large_numbers_are_shortened_only_beside_small_pictures() -> None:
    assert formats.short_number(4849, "en") == "4,849"
    assert formats.short_number(36841, "en") == "36.8\u202fk"
    assert formats.short_number(520085, "es") == "520\u202fk"
    assert formats.short_number(1_250_000, "es") == "1.2\u202fM"


def test_months_and_days_are_named_in_the_language() -> None:
    assert formats.month(date(2025, 4, 1), "es") == "abril de 2025"
    assert formats.month(date(2025, 4, 1), "en") == "April 2025"
    assert formats.short_month(date(2025, 1, 1), "es") == "ene 2025"
    assert formats.day(date(2025, 6, 19), "en") == "19 June 2025"


def test_a_moment_is_shown_with_its_zone() -> None:
    at = datetime(2025, 6, 19, 14, 5, tzinfo=timezone(timedelta(hours=-6)))

    assert formats.moment(at, "es") == "19 de junio de 2025, 14:05 (UTC−6)"
    assert formats.moment(at.astimezone(UTC), "en") == "19 June 2025, 20:05 (UTC)"
    assert formats.offset(at.astimezone(timezone(-timedelta(hours=3, minutes=30)))) == "UTC−3:30"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        formats.moment(datetime(2025, 6, 19, 14, 5), "es")
