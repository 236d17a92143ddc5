"""The sheet of styles: small, the same colours as the pictures, and readable by everyone."""

import gzip
import re
from pathlib import Path

import pytest

from corredor.interfaces.web import components
from corredor.interfaces.web.components import palette

SHEET = (Path(components.__file__).parent / "static" / "corredor" / "corredor.css").read_text(
    encoding="utf-8"
)
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)[:2]
)
TEXT = ["ink", "soft", "link", "observed", "revised", "forecast", "good", "care", "stop"]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_known_by_hand() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet", "wash"])
@pytest.mark.parametrize("text", TEXT)
def test_text_can_be_read_on_every_ground(colours: dict[str, str], ground: str, text: str) -> None:
    assert contrast({**LIGHT, **colours}[text], {**LIGHT, **colours}[ground]) >= 4.5


@pytest.mark.parametrize("tone", ["good", "care", "stop"])
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_notices_can_be_read_on_their_wash(colours: dict[str, str], tone: str) -> None:
    assert contrast(colours["ink"], colours[f"{tone}-wash"]) >= 7
    assert contrast(colours[tone], colours[f"{tone}-wash"]) >= 4.5


def test_pictures_and_pages_use_the_same_colours() -> None:
    names = {
        "observed": palette.OBSERVED, "forecast": palette.FORECAST, "revised": palette.REVISED, "ink": palette.INK,
        "soft": palette.SOFT, "rule": palette.RULE, "line": palette.LINE, "fan-50": palette.FAN_50,
        "fan-80": palette.FAN_80, "fan-95": palette.FAN_95, "land": palette.LAND, "land-member": palette.LAND_MEMBER,
        "sea": palette.SEA,
    }  # fmt: skip

    assert {name: LIGHT[name] for name in names} == names


def test_observed_and_forecast_stay_apart_without_colour_vision() -> None:
    grounds = [(LIGHT, "fan-50"), (LIGHT, "fan-80"), (LIGHT, "fan-95")]

    assert all(contrast(colours["forecast"], colours[fan]) >= 3 for colours, fan in grounds)
    assert all(contrast(colours["observed"], colours["paper"]) >= 4.5 for colours in (LIGHT, DARK))


def test_the_sheet_is_small_and_asks_nobody_for_anything() -> None:
    assert len(gzip.compress(SHEET.encode())) < 12_000
    assert "url(" not in SHEET
    assert "@import" not in SHEET


def test_every_class_a_picture_uses_is_in_the_sheet() -> None:
    for name in palette.CLASSES.values():
        assert f".f-{name}" in SHEET or f".s-{name}" in SHEET
