"""The map of the corridor as one SVG: gates as circles whose area shows their number, each with its words beside it.

Plain Python: the same drawing goes into the page, the report and the print. Colours are classes, so the page's sheet
rules them; ``standalone`` adds a sheet for use outside a page.

    map.draw(gates, title="…", says="…", language="es", size="narrow")
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from corredor.interfaces.web.components import formats, palette
from corredor.interfaces.web.components.geography import Geography, Panel, Point, lines, outline, read
from corredor.interfaces.web.components.labels import Box, Ground, Label, Spot, overlap, place, text_width
from corredor.kernel.countries.names import country_name

MEMBERS = frozenset(["BLZ", "CAN", "CRI", "DOM", "SLV", "GTM", "HND", "MEX", "NIC", "PAN", "USA"])
NO_FIGURE = {"en": "no figure", "es": "sin cifra"}
SCALE_WORDS = {"en": "The area of a circle shows its number", "es": "El área del círculo muestra su número"}
STATUS_WORDS = {
    "en": {"provisional": "provisional", "revised": "revised", "forecast": "forecast"},
    "es": {"provisional": "provisional", "revised": "revisado", "forecast": "pronóstico"},
}
# Where a country's name stands: longitude, latitude, and the panels wide enough for it.
COUNTRY_SPOTS = {
    "USA": (-98.5, 33.2), "MEX": (-102.6, 24.1), "GTM": (-90.55, 15.72), "BLZ": (-88.7, 17.3), "HND": (-86.9, 14.85),
    "SLV": (-88.9, 13.62), "NIC": (-85.2, 12.9), "CRI": (-84.1, 10.15), "PAN": (-80.9, 8.45), "COL": (-74.4, 7.6),
    "CUB": (-78.6, 21.7), "DOM": (-70.4, 18.95), "HTI": (-72.6, 19.0), "JAM": (-77.3, 18.12), "CAN": (-97.0, 51.6),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gate:
    """A place where people are counted, with the number of the period (none when nothing is known)."""

    code: str
    name: str
    lat: float
    lon: float
    value: float | None
    measure: str = ""  # what is counted, in a word or two; measures differ and are never added
    status: str = "observed"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet size: its panels, the type, how large a circle may be and how many gates get words."""

    width: float
    panels: tuple[Panel, ...]
    type_size: float
    largest_radius: float
    labels_per_panel: int
    scale_at: Point
    country_size: float

    @property
    def height(self) -> float:
        return max(panel.y + panel.height for panel in self.panels)


NORTH = (-126.0, 41.0, -60.0, 54.0)
HISPANIOLA = (-76.2, 16.9, -67.6, 20.6)
CARIBBEAN = (-83.4, 16.6, -64.6, 27.4)
USUAL_NUMBER_OF_GATES = 14


def layout(size: str, gates: Iterable[Gate]) -> Layout:
    """The sheet for "wide" (a desk, print) or "narrow" (a phone), with Canada's and the Caribbean's bands when needed.

    Many gates make smaller circles, so that a crowded border can still be read.
    """
    places = [(gate.lon, gate.lat) for gate in gates]
    crowding = min(1.0, (USUAL_NUMBER_OF_GATES / max(len(places), 1)) ** 0.3)
    has_north = any(_within(NORTH, place) for place in places)
    if size == "wide":
        main = Panel(-120.4, 6.2, -66.4, 35.6, 0, 0, 1000)
        north = (Panel(*NORTH, 668, 12, 320),) if has_north else ()
        return Layout(1000, (*north, main), 13.5, 40 * crowding, 16, (64, 560), 11.5)
    if size != "narrow":
        raise ValueError("a map is wide or narrow")
    upper_frame, lower_frame = (-118.2, 13.6, -86.4, 33.4), (-92.6, 6.9, -76.3, 17.9)
    frames = [NORTH] * has_north + [upper_frame, lower_frame]
    outside = [place for place in places if not any(_within(frame, place) for frame in frames)]
    if outside:
        frames.append(HISPANIOLA if all(_within(HISPANIOLA, place) for place in outside) else CARIBBEAN)
    panels: list[Panel] = []
    for frame in frames:
        below = panels[-1].y + panels[-1].height + 6 if panels else 0.0
        panels.append(Panel(*frame, 0, below, 380))
    upper = panels[frames.index(upper_frame)]
    # Where windows overlap, a gate belongs to the one that shows it larger.
    closest_first = tuple(sorted(panels, key=lambda panel: -panel.scale))
    return Layout(380, closest_first, 12.5, 25 * crowding, 7, (34, upper.y + upper.height - 14), 10)


def _within(frame: tuple[float, float, float, float], place: Point) -> bool:
    west, south, east, north = frame
    return west <= place[0] <= east and south <= place[1] <= north


def on_map(gates: Iterable[Gate]) -> list[Gate]:
    """The gates that both sheets can show; the others belong in the table alone."""
    return [
        gate
        for gate in gates
        if all(_panel_of(gate.lon, gate.lat, layout(size, [gate])) for size in ("wide", "narrow"))
    ]


def draw(
    gates: Sequence[Gate],
    *,
    title: str,
    says: str,
    language: str,
    size: str = "wide",
    key: str = "map",
    geography: Geography | None = None,
    members: Collection[str] = MEMBERS,
) -> str:
    """The map as SVG text. ``title`` names it and ``says`` tells it to those who cannot see it.

    Gates outside every panel are refused, so that none is lost silently.
    """
    sheet, key = layout(size, gates), f"{key}-{size}"
    placed = _placed(gates, sheet)
    ground = Ground([spot.spot.box for spot in placed], [_scale_box(sheet)])
    labels = _labels(placed, ground, sheet, language)
    shapes = geography or read()
    body = [_panel(panel, i, shapes, members, sheet, key) for i, panel in enumerate(reversed(sheet.panels))]
    body.append(_countries(placed, ground, sheet, language))
    body += [_gate(spot, labels.get(spot.gate.code), sheet, language) for spot in placed]
    body.append(_scale(max((gate.value or 0 for gate in gates), default=0), sheet, language))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {sheet.width:g} {sheet.height:.0f}" '
        f'role="group" aria-labelledby="{key}-title {key}-desc" font-size="{sheet.type_size}">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(says)}</desc>'
        f"{''.join(body)}</svg>"
    )


# Ground ------------------------------------------------------------------------------------------------------


def _frame(panel: Panel) -> Box:
    return panel.x, panel.y, panel.x + panel.width, panel.y + panel.height


def _panel(
    panel: Panel, number: int, shapes: Geography, members: Collection[str], sheet: Layout, key: str
) -> str:
    """Sea, land and borders in one window."""
    clip = f"{key}-clip{number}"
    frame = f'x="{panel.x:g}" y="{panel.y:.1f}" width="{panel.width:g}" height="{panel.height:.1f}"'
    member = "".join(outline(panel, rings) for code, rings in shapes.countries.items() if code in members)
    other = "".join(outline(panel, rings) for code, rings in shapes.countries.items() if code not in members)
    edge = f'<rect class="inset" {frame}/>' if len(sheet.panels) > 1 else ""
    return (
        f'<clipPath id="{clip}"><rect {frame}/></clipPath><g clip-path="url(#{clip})" aria-hidden="true">'
        f'<rect class="sea" {frame}/><g transform="scale(.1)"><path class="land" d="{other}"/>'
        f'<path class="member" d="{member}"/>'
        f'<path class="borders" stroke-width="13" d="{lines(panel, shapes.borders)}"/></g></g>{edge}'
    )


def _countries(placed: Sequence[_Placed], ground: Ground, sheet: Layout, language: str) -> str:
    """Names of countries where gates leave room for them; a country that is itself a gate is named there."""
    named_as_gates = {spot.gate.name for spot in placed}
    names = []
    for code, (lon, lat) in COUNTRY_SPOTS.items():
        name = country_name(code, language)
        panel = _panel_of(lon, lat, sheet)
        if name in named_as_gates or panel is None:
            continue
        x, y = panel.place(lon, lat)
        if spot := _free_place(x, y, name, _frame(panel), ground, sheet):
            names.append(f'<text x="{spot[0]:.0f}" y="{spot[1]:.0f}">{escape(name)}</text>')
    return (
        f'<g class="country" font-size="{sheet.country_size}" text-anchor="middle" letter-spacing=".03em" '
        f'aria-hidden="true">{"".join(names)}</g>'
    )


def _free_place(x: float, y: float, name: str, frame: Box, ground: Ground, sheet: Layout) -> Point | None:
    """The wished place of a country's name or one close by, whichever covers nothing."""
    half = text_width(name, sheet.country_size * 1.03) / 2 + 2
    for dx, dy in ((0, 0), (0, -13), (0, 13), (-22, 0), (22, 0), (-22, -13), (22, 13), (-40, 0), (40, 0)):
        box = (x + dx - half, y + dy - sheet.country_size, x + dx + half, y + dy + 3)
        is_inside = box[0] > frame[0] and box[1] > frame[1] and box[2] < frame[2] and box[3] < frame[3]
        if is_inside and not any(overlap(box, other) for other in (*ground.boxes, *ground.circles)):
            ground.boxes.append(box)
            return x + dx, y + dy
    return None


# Gates -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """A gate on the drawing."""

    gate: Gate
    panel: Panel
    spot: Spot


def _panel_of(lon: float, lat: float, sheet: Layout) -> Panel | None:
    return next((panel for panel in sheet.panels if panel.holds(lon, lat)), None)


def _placed(gates: Iterable[Gate], sheet: Layout) -> list[_Placed]:
    """The gates with their circles, largest first; area grows with the number, alike in every panel."""
    gates = list(gates)
    largest = max((gate.value or 0 for gate in gates), default=0) or 1
    placed = []
    for gate in gates:
        panel = _panel_of(gate.lon, gate.lat, sheet)
        if panel is None:
            raise ValueError(f"{gate.code} lies outside the map")
        radius = max(3.5, sheet.largest_radius * math.sqrt((gate.value or 0) / largest))
        placed.append(_Placed(gate, panel, Spot(*panel.place(gate.lon, gate.lat), radius, _frame(panel))))
    return sorted(placed, key=lambda spot: (-spot.spot.radius, spot.gate.code))


def words_of(gate: Gate, language: str) -> tuple[str, str]:
    """A gate's second line: its number; what is counted and the status when it is not plainly observed."""
    value = NO_FIGURE[language] if gate.value is None else formats.number(gate.value, language)
    status = STATUS_WORDS[language].get(gate.status, "") if gate.value is not None else ""
    return value, " · ".join(part for part in (gate.measure, status) if part)


def _short(name: str) -> str:
    """A name without what stands in brackets: "Los Chiles (Las Tablillas)" is told whole in its title."""
    return name.partition(" (")[0]


def _labels(placed: Iterable[_Placed], ground: Ground, sheet: Layout, language: str) -> dict[str, Label]:
    """Words for the largest gates of each panel; a gate without a free place keeps its title and its row in the table."""
    labels: dict[str, Label] = {}
    count: dict[Panel, int] = {}
    for spot in placed:
        if count.get(spot.panel, 0) >= sheet.labels_per_panel:
            continue
        value, what = words_of(spot.gate, language)
        second = (
            text_width(value, sheet.type_size * 1.07)
            + text_width(what, sheet.type_size * 0.88)
            + (5 if what else 0)
        )
        width = max(text_width(_short(spot.gate.name), sheet.type_size), second) + 3
        if label := place(spot.spot, width, sheet.type_size * 2.3, ground):
            labels[spot.gate.code] = label
            count[spot.panel] = count.get(spot.panel, 0) + 1
    return labels


def _gate(placed: _Placed, label: Label | None, sheet: Layout, language: str) -> str:
    """A circle, its words and its link; the title says all of it to those who hear the page."""
    gate, spot = placed.gate, placed.spot
    value, what = words_of(gate, language)
    said = ", ".join([f"{gate.name}: {value}", *what.split(" · ")] if what else [f"{gate.name}: {value}"])
    at = f'cx="{spot.x:.1f}" cy="{spot.y:.1f}"'
    circle = f'<circle class="focus" {at} r="{max(spot.radius + 4, 12):.1f}"/>'
    circle += (
        f'<circle class="spot" {at} r="2.5"/>'
        if gate.value is None
        else f'<circle {at} r="{spot.radius:.1f}"/>'
    )
    words = _label_text(_short(gate.name), label, value, what, sheet) if label else ""
    body = f"<title>{escape(said)}</title>{circle}{words}"
    if gate.href:
        body = f'<a href="{escape(gate.href)}" aria-label="{escape(said)}">{body}</a>'
    return f'<g class="gate {gate.status}">{body}</g>'


def _label_text(name: str, label: Label, value: str, what: str, sheet: Layout) -> str:
    """Name over number, with a thin line to the circle when they stand apart."""
    leader = ""
    if label.leader:
        (x, y), (x2, y2) = label.leader
        leader = f'<path class="leader" d="M{x:.0f} {y:.0f}L{x2:.0f} {y2:.0f}"/>'
    at = f'x="{label.x:.0f}"'
    tail = (
        f'<tspan class="what" font-size="{sheet.type_size * 0.88:.1f}" dx="4">{escape(what)}</tspan>'
        if what
        else ""
    )
    return (
        f'{leader}<text class="halo" {at} y="{label.top + sheet.type_size:.0f}" text-anchor="{label.anchor}" '
        f'aria-hidden="true"><tspan class="name">{escape(name)}</tspan>'
        f'<tspan class="value" {at} dy="1.12em">{escape(value)}</tspan>{tail}</text>'
    )


# The scale ---------------------------------------------------------------------------------------------------


def _scale_box(sheet: Layout) -> Box:
    """The corner the scale fills."""
    x, bottom = sheet.scale_at
    radius = sheet.largest_radius
    return x - radius - 4, bottom - 2 * radius - 6, x + radius + 60, bottom + 18


def _scale(largest: float, sheet: Layout, language: str) -> str:
    """Two circles with their numbers, in the empty sea."""
    if largest < 10:
        return ""
    x, bottom = sheet.scale_at
    radius, size = sheet.largest_radius, sheet.country_size
    parts = []
    for value in _round_values(largest):
        r = radius * math.sqrt(value / largest)
        top = bottom - 2 * r
        parts.append(
            f'<circle cx="{x:g}" cy="{bottom - r:.1f}" r="{r:.1f}"/>'
            f'<path class="leader" d="M{x:g} {top:.1f}H{x + radius + 8:.0f}"/>'
            f'<text class="soft-ink" x="{x + radius + 11:.0f}" y="{top + 4:.1f}">{formats.number(value, language)}</text>'
        )
    if sheet.width > 500:
        parts.append(
            f'<text class="soft-ink" x="{x - radius:.0f}" y="{bottom + 16:.0f}">{SCALE_WORDS[language]}</text>'
        )
    return f'<g class="scale" font-size="{size}" aria-hidden="true">{"".join(parts)}</g>'


def _round_values(largest: float) -> tuple[float, float]:
    """Two round numbers within the largest: about three quarters of it, and a fifth of that."""
    power = 10 ** math.floor(math.log10(largest))
    upper = max(step * power for step in (1, 2, 5) if step * power <= largest)
    return float(upper), float(upper / 5)


STANDALONE = f"""
text{{font-family:"Liberation Sans",Arial,sans-serif;fill:{palette.INK}}}
.sea{{fill:{palette.SEA}}}.land{{fill:{palette.LAND}}}.member{{fill:{palette.LAND_MEMBER}}}
.borders{{fill:none;stroke:#fff}}.inset{{fill:none;stroke:{palette.RULE}}}
.country text,.what,text.soft-ink{{fill:{palette.SOFT}}}.value{{font-weight:700}}
.gate circle{{fill:{palette.OBSERVED};fill-opacity:.55;stroke:{palette.OBSERVED};stroke-width:1.5}}
.gate.provisional circle{{fill-opacity:.14;stroke-dasharray:4 3}}
.gate.revised circle{{fill:{palette.REVISED};stroke:{palette.REVISED}}}
.gate.forecast circle{{fill:{palette.FORECAST};fill-opacity:.2;stroke:{palette.FORECAST};stroke-dasharray:1 3}}
.gate .focus{{fill:none;stroke:none}}.gate .spot{{fill:{palette.INK}}}
.leader{{fill:none;stroke:{palette.RULE}}}.scale circle{{fill:none;stroke:{palette.SOFT}}}
"""


def standalone(svg: str) -> str:
    """The same drawing with its colours inside, for a file, a mail or a report."""
    return svg.replace("<title", f"<style>{STANDALONE}</style><title", 1)
