"""Charts: the right numbers in the right shapes, named beside their lines, light and without style of their own."""

import gzip
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest

from corredor.interfaces.web.components import charts, palette
from corredor.interfaces.web.components.charts import Band, Group, Part, Point
from corredor.interfaces.web.components.sheet import months_between, nice_top

MONTHS = months_between(date(2023, 7, 1), date(2024, 12, 1))
SERIES = [Point(month, 1000.0 * (i + 1)) for i, month in enumerate(MONTHS)]
FAN = [
    Band(date(2025, i, 1), 18_000, (17_000, 19_000), (15_000, 21_000), (12_000, 26_000)) for i in range(1, 4)
]
SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"title": "Darién", "says": "Sube cada mes"}


def words_in(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


def trend(**more: object) -> str:
    return charts.trend(SERIES, language="es", **WORDS, **more).svg  # type: ignore[arg-type]


def every_chart(size: str) -> list[str]:
    groups = [Group(name, SERIES) for name in ("Venezuela", "Ecuador", "Haití")]
    return [
        trend(forecast=FAN, last_year=SERIES[:6], baseline=[Point(b.month, 18_000) for b in FAN], size=size),
        charts.bars(SERIES, language="es", size=size, **WORDS).svg,
        charts.composition(
            [Part(f"País {i}", 90 - i) for i in range(12)], language="es", size=size, **WORDS
        ).svg,
        charts.over_time(groups, language="es", size=size, **WORDS).svg,
        charts.small_multiples(groups * 2, language="es", size=size, **WORDS).svg,
    ]


@pytest.mark.parametrize("size", ["full", "wide", "narrow"])
def test_charts_are_light_named_and_obey_the_content_policy(size: str) -> None:
    for svg in every_chart(size):
        root = ET.fromstring(svg)

        assert len(gzip.compress(svg.encode())) < 12_000
        assert root.get("role") == "img"
        assert [root[0].text, root[1].text] == ["Darién", "Sube cada mes"]
        assert "style" not in svg
        assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")


@pytest.mark.parametrize("size", ["full", "wide", "narrow"])
def test_a_chart_has_exactly_the_size_asked_for_so_letters_are_alike(size: str) -> None:
    width, height = charts.SIZES[size]

    for svg in every_chart(size)[:2]:
        assert ET.fromstring(svg).get("viewBox") == f"0 0 {width} {height}"


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert every_chart("wide") == every_chart("wide")


def test_the_page_rules_the_colours_by_class_and_a_file_keeps_its_own() -> None:
    assert re.search(rf'<path class="s-observed"[^>]* stroke="{palette.OBSERVED}"', trend())


def test_a_forecast_is_dashed_has_three_ranges_and_says_its_eighty_per_cent() -> None:
    svg = trend(forecast=FAN)

    assert all(f'fill="{colour}"' in svg for colour in (palette.FAN_50, palette.FAN_80, palette.FAN_95))
    dashed = re.search(rf'stroke="{palette.FORECAST}"[^>]*stroke-dasharray="6,4"', svg)
    assert dashed is not None
    assert {"Pronóstico", "18,000", "15,000–21,000", "prob. 80\u00a0%", "Observado 18,000"} <= set(
        words_in(svg)
    )


def test_every_line_is_named_beside_it_in_both_languages() -> None:
    baseline = [Point(band.month, 18_000) for band in FAN]

    spanish = words_in(trend(forecast=FAN, last_year=SERIES[:12], baseline=baseline))
    english = words_in(charts.trend(SERIES, language="en", last_year=SERIES[:6], **WORDS).svg)

    assert {"Año anterior", "Regla simple", "Pronóstico"} <= set(spanish)
    assert {"Year before", "Observed", "18,000"} <= set(english)


def test_names_beside_lines_that_end_together_do_not_cover_each_other() -> None:
    svg = trend(forecast=FAN, last_year=SERIES[:12], baseline=[Point(band.month, 18_000) for band in FAN])
    beside = [
        float(re.search(r"translate\([\d.-]+,([\d.-]+)\)", text.get("transform", ""))[1])  # type: ignore[index]
        for text in ET.fromstring(svg).iter(f"{SVG}text")
        if text.text in {"Año anterior", "Regla simple", "Pronóstico", "15,000–21,000"}
    ]

    heights = sorted(beside)
    assert len(heights) == 4
    assert min(b - a for a, b in pairwise(heights)) >= 13


@pytest.mark.parametrize(("status", "fill"), [("provisional", palette.SHEET), ("revised", palette.REVISED)])
def test_a_number_that_is_not_final_has_a_mark_of_its_own(status: str, fill: str) -> None:
    marked = [*SERIES[:-1], Point(MONTHS[-1], 18_000, status)]

    def marks(points: list[Point]) -> int:
        svg = charts.trend(points, language="es", **WORDS).svg
        return sum(path.get("fill") == fill for path in ET.fromstring(svg).iter(f"{SVG}path"))

    assert marks(marked) == marks(SERIES) + 1


def test_a_month_without_a_number_leaves_a_gap_in_the_line() -> None:
    with_gap = [Point(p.month, None if i == 8 else p.value) for i, p in enumerate(SERIES)]

    def lines(points: list[Point]) -> int:
        svg = charts.trend(points, language="es", **WORDS).svg
        return sum(path.get("stroke") == palette.OBSERVED for path in ET.fromstring(svg).iter(f"{SVG}path"))

    assert lines(with_gap) == lines(SERIES) + 1


def test_a_bar_stands_as_high_as_its_number() -> None:
    svg = charts.bars([Point(MONTHS[0], 50), Point(MONTHS[1], 100)], language="en", **WORDS).svg
    heights = [
        float(re.search(r"v([\d.]+)", path.get("d", ""))[1])  # type: ignore[index]
        for path in ET.fromstring(svg).iter(f"{SVG}path")
        if path.get("fill") == palette.OBSERVED
    ]

    assert len(heights) == 2
    assert heights[1] == pytest.approx(2 * heights[0], rel=0.01)


def test_provisional_bars_are_outlined_only() -> None:
    svg = charts.bars([*SERIES[:-1], Point(MONTHS[-1], 18_000, "provisional")], language="es", **WORDS).svg

    assert re.search(rf'fill="{palette.SHEET}"[^>]*stroke="{palette.OBSERVED}"[^>]*stroke-dasharray', svg)


def test_a_composition_ranks_its_parts_and_adds_up_the_others() -> None:
    parts = [Part("Haití", 10), Part("Venezuela", 60), Part("Ecuador", 20), Part("India", 6)]

    assert charts.ranked(parts, 2, "Otras", rest=4) == [
        Part("Venezuela", 60),
        Part("Ecuador", 20),
        Part("Otras", 20),
    ]
    words = words_in(charts.composition(parts, language="es", most=2, rest=4, **WORDS).svg)
    assert words == ["Venezuela", "60", "60\u00a0%", "Ecuador", "20", "20\u00a0%", "Otras", "20", "20\u00a0%"]


def test_the_shares_of_a_composition_are_of_its_whole() -> None:
    words = words_in(charts.composition([Part("A", 1), Part("B", 1)], language="en", rest=6, **WORDS).svg)

    assert words == ["A", "1", "12%", "B", "1", "12%", "Other", "6", "75%"]


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: charts.trend([Point(MONTHS[0], None)], language="es", **WORDS),
        lambda: charts.bars([], language="es", **WORDS),
        lambda: charts.composition([Part("A", 0)], language="es", **WORDS),
        lambda: charts.composition([Part("A", -1), Part("B", 5)], language="es", **WORDS),
        lambda: charts.over_time([Group(str(i), SERIES) for i in range(8)], language="es", **WORDS),
    ],
)
def test_what_cannot_be_drawn_honestly_is_refused(impossible: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        impossible()


@pytest.mark.parametrize("largest", [0.4, 1, 7, 73, 999, 4849, 10_000, 81_946, 520_085])
def test_the_scale_holds_the_largest_number_with_a_few_round_steps(largest: float) -> None:
    top, step = nice_top(largest)

    assert largest <= top <= largest * 2 or top == 1
    assert 1 <= round(top / step) <= 5


def test_months_run_over_the_turn_of_the_year() -> None:
    assert months_between(date(2024, 11, 1), date(2025, 2, 1)) == (
        date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1),
    )  # fmt: skip


def test_a_sparkline_is_a_few_bytes_and_says_what_it_shows() -> None:
    svg = charts.sparkline([1, None, 3], says='de 1 a 3 "casi"')

    assert ET.fromstring(svg).get("aria-label") == 'de 1 a 3 "casi"'
    assert len(svg) < 500
    assert charts.sparkline([None], says="") == ""


def test_a_chart_becomes_an_image_for_mail_and_office() -> None:
    assert charts.to_png(trend(), scale=1).startswith(b"\x89PNG")
