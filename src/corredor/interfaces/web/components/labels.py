"""Where words go on a crowded map: greedy placement, the most important first (after Christensen, Marks and Shieber 1995).

Boxes are (left, top, right, bottom) in drawing units. Nothing here knows what the words say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
Point = tuple[float, float]

FORBIDDEN = 10_000.0
TOO_DEAR = 600.0
NARROW_LETTERS = frozenset("ijl.,:;'|!ftr()I -·1")
BROAD_LETTERS = frozenset("mwMW%@")
ANGLES = (0, 180, 30, -30, 150, -150, 60, -60, 120, -120, 90, -90)
DISTANCES = (0.0, 12.0, 26.0, 44.0, 66.0, 92.0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A circle that wants words: its centre, radius and the frame the words must stay in."""

    x: float
    y: float
    radius: float
    frame: Box

    @property
    def box(self) -> Box:
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


@dataclass(frozen=True, slots=True)
class Label:
    """A place for words: where their first line starts (``anchor``), the box they fill, the line to their circle."""

    x: float
    top: float
    anchor: str
    box: Box
    leader: tuple[Point, Point] | None = None


@dataclass(slots=True)
class Ground:
    """What is already taken: circles, boxes of words, leader lines."""

    circles: Sequence[Box]
    boxes: list[Box] = field(default_factory=list)
    leaders: list[tuple[Point, Point]] = field(default_factory=list)

    def take(self, label: Label) -> None:
        self.boxes.append(label.box)
        if label.leader:
            self.leaders.append(label.leader)


def text_width(text: str, size: float) -> float:
    """About how wide words are in a plain sans-serif: enough to keep labels apart."""
    return sum(map(_letter_width, text)) * size


def _letter_width(letter: str) -> float:
    if letter in NARROW_LETTERS:
        return 0.33
    if letter in BROAD_LETTERS:
        return 0.86
    return 0.67 if letter.isupper() else 0.56


def place(spot: Spot, width: float, height: float, ground: Ground) -> Label | None:
    """The place that covers least and lies nearest, taken from the ground; none when every place covers too much."""
    best = min(_candidates(spot, width, height), key=lambda label: _cost(label, spot, ground))
    if _cost(best, spot, ground) >= TOO_DEAR:
        return None
    ground.take(best)
    return best


def _candidates(spot: Spot, width: float, height: float) -> Iterator[Label]:
    """Twelve directions at six distances; from the second distance on, a line leads back to the circle."""
    for far in DISTANCES:
        reach = spot.radius + 5 + far
        for angle in ANGLES:
            dx, dy = math.cos(math.radians(angle)), -math.sin(math.radians(angle))
            x, y = spot.x + reach * dx, spot.y + reach * dy
            is_above_or_below = abs(dx) < 0.2
            anchor = "middle" if is_above_or_below else "start" if dx > 0 else "end"
            left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
            top = y - height / 2 if not is_above_or_below else y if dy > 0 else y - height
            box = (left, top, left + width, top + height)
            yield Label(x, top, anchor, box, _leader(spot, box) if far else None)


def _leader(spot: Spot, box: Box) -> tuple[Point, Point]:
    """From the circle's edge to the nearest place of the box."""
    end = min(max(spot.x, box[0]), box[2]), min(max(spot.y, box[1] + 3), box[3] - 3)
    away = math.dist(end, (spot.x, spot.y)) or 1.0
    start = spot.x + (end[0] - spot.x) * spot.radius / away, spot.y + (end[1] - spot.y) * spot.radius / away
    return start, end


def _cost(label: Label, spot: Spot, ground: Ground) -> float:
    """Words over words, over a leader or over the frame are out of the question; circles are a pity, distance a little."""
    left, top, right, bottom = label.box
    frame = spot.frame
    if left < frame[0] + 2 or top < frame[1] + 2 or right > frame[2] - 2 or bottom > frame[3] - 2:
        return FORBIDDEN
    if any(overlap(label.box, box) for box in ground.boxes):
        return FORBIDDEN
    if any(crosses(line, label.box) for line in ground.leaders):
        return FORBIDDEN
    if label.leader and any(crosses(label.leader, box) for box in ground.boxes):
        return FORBIDDEN
    covered = sum(overlap(label.box, circle) for circle in ground.circles)
    crossed = (
        sum(crosses(label.leader, circle) for circle in ground.circles if circle != spot.box)
        if label.leader
        else 0
    )
    distance = math.dist(((left + right) / 2, (top + bottom) / 2), (spot.x, spot.y)) - spot.radius
    return covered * 6 + distance + crossed * 30 + (25 if label.leader else 0)


def overlap(a: Box, b: Box) -> float:
    """The area two boxes share."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0


def crosses(line: tuple[Point, Point], box: Box, steps: int = 16) -> bool:
    """Whether a line passes through a box, looked at in a few places."""
    (x, y), (x2, y2) = line
    return any(
        box[0] < x + (x2 - x) * i / steps < box[2] and box[1] < y + (y2 - y) * i / steps < box[3]
        for i in range(steps + 1)
    )
