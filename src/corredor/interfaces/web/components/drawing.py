"""From a Vega-Lite specification to a small, clean SVG: classes for colours, no style attribute, one accessible name.

What vl-convert writes is meant for any page; ours forbids inline style and counts its bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from corredor.interfaces.web.components import palette

FONT = "Liberation Sans, Helvetica Neue, Arial, sans-serif"
CONFIG: dict[str, Any] = {
    "background": None,
    "padding": 0,
    "font": FONT,
    "view": {"stroke": None},
    "text": {"fontSize": 12.5, "color": palette.INK},
    "bar": {"discreteBandSize": 1},
}

_NOISE = re.compile(
    r'\s(?:aria-[a-z]+|pointer-events|role|stroke-miterlimit)="[^"]*"'
    r'|\s(?:opacity="1"|text-anchor="start"|font-weight="normal"|transform="translate\(0,0\)")'
    r'|\sclass="[^"]*"'
)
_EMPTY_PATH = re.compile(r'<path(?: d="[^"]*"| display="none")*\s*/>')
_EMPTY_GROUP = re.compile(r"<g[^>]*></g>")
_BARE_GROUP = re.compile(r"<g>((?:(?!<g\b|</g>).)*)</g>", re.DOTALL)
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_COLOUR = re.compile(r"<(\w+)([^>]*?)(/?)>")
_NO_PX = re.compile(r'(font-size="[\d.]+)px"')


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: its SVG for the page, and the specification anyone may draw it from again."""

    svg: str
    specification: dict[str, Any]


def draw(specification: dict[str, Any], *, title: str, says: str, key: str) -> Picture:
    """Render a Vega-Lite specification as SVG text named by ``title`` and told by ``says``."""
    import vl_convert  # heavy, and needed only where something is drawn

    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "config": CONFIG, **specification}
    raw = vl_convert.vegalite_to_svg(whole, vl_version="6.4")
    return Picture(clean(raw, title=title, says=says, key=key), whole)


def clean(raw: str, *, title: str, says: str, key: str) -> str:
    """The drawing of ``raw`` with what a page needs and nothing more."""
    opening, _, body = raw.partition(">")
    box = re.search(r'viewBox="([^"]+)"', opening)
    if box is None:
        raise ValueError("a drawing has a viewBox")
    body = body.rpartition("</svg>")[0]
    body = body.replace(f'font-family="{FONT}" ', "")
    body = _NO_PX.sub(r'\1"', _LONG_NUMBER.sub(_shorter, _NOISE.sub("", body)))
    body = _settled(_EMPTY_GROUP, "", _EMPTY_PATH.sub("", body))
    body = _COLOUR.sub(_classed, _settled(_BARE_GROUP, r"\1", body))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box[1]}" role="img" font-family="{FONT}" '
        f'aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-desc">{escape(says)}</desc>{body}</svg>'
    )


def _shorter(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0").replace("-0", "-0") or "0"


def _settled(pattern: re.Pattern[str], replacement: str, text: str) -> str:
    """Replace until nothing changes."""
    while (shorter := pattern.sub(replacement, text)) != text:
        text = shorter
    return text


def _classed(found: re.Match[str]) -> str:
    """Give an element the classes of its colours; the colours stay, for use outside a page."""
    name, attributes, end = found.groups()
    classes = [
        f"{prefix}-{palette.CLASSES[colour]}"
        for prefix, attribute in (("f", "fill"), ("s", "stroke"))
        for colour in re.findall(rf' {attribute}="(#[0-9a-fA-F]{{6}})"', attributes)
        if colour in palette.CLASSES
    ]
    marked = f' class="{" ".join(classes)}"' if classes else ""
    return f"<{name}{marked}{attributes}{end}>"


def to_png(svg: str, scale: float = 2.0) -> bytes:
    """The same drawing as PNG, on white, for mails and office files."""
    import vl_convert

    box = re.search(r'viewBox="([\d.\s-]+)"', svg)
    if box is None:
        raise ValueError("a drawing has a viewBox")
    left, top, width, height = box[1].split()
    ground = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#ffffff"/>'
    sized = svg.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1)
    return bytes(vl_convert.svg_to_png(sized.replace("</desc>", f"</desc>{ground}", 1), scale=scale))
