"""The few colours pictures use, by meaning. The page's sheet holds the same ones (and their dark counterparts).

Teal and orange stay apart for every kind of colour vision; status is never told by colour alone.
"""

OBSERVED = "#0b6478"
FORECAST = "#a94700"
REVISED = "#63419a"
FAN_50 = "#eeb58b"
FAN_80 = "#f5d1b6"
FAN_95 = "#fae7d9"
INK = "#15252c"
SOFT = "#4b5c64"
RULE = "#7c8a90"
LINE = "#d5d8d3"
SHEET = "#ffffff"
LAND = "#e9e6da"
LAND_MEMBER = "#d9dfd3"
SEA = "#f3f7f7"

# The classes by which the page's sheet takes over: f- fills, s- strokes.
CLASSES = {
    OBSERVED: "observed",
    FORECAST: "forecast",
    REVISED: "revised",
    FAN_50: "fan50",
    FAN_80: "fan80",
    FAN_95: "fan95",
    INK: "ink",
    SOFT: "soft",
    RULE: "rule",
    LINE: "line",
    SHEET: "sheet",
}
