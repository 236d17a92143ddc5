"""The words ministries use in headings and labels, Spanish and English, and what each says of a figure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping as Words
from functools import lru_cache
from types import MappingProxyType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What a column may be. "count" columns hold figures; the others say of what, or nothing.
ROLES = (
    "period",
    "year",
    "fiscal_year",
    "quarter",
    "month",
    "day",
    "nationality",
    "departure",
    "gate",
    "people",
    "direction",
    "measure",
    "status",
    "detail",
    "count",
    "total",
    "ignored",
)

# Headings. A heading is recognised when it contains all words of an entry; longer entries are tried first.
HEADINGS: dict[str, tuple[str, ...]] = {
    "fiscal_year": ("fiscal year", "ano fiscal", "fy", "ejercicio fiscal"),
    "year": ("year", "ano", "anio", "yr", "gestion"),
    "quarter": ("quarter", "trimestre", "qtr", "trim"),
    "month": ("month", "mes", "meses", "months"),
    "day": ("day", "dia"),
    "period": ("period", "periodo", "date", "fecha", "semana", "week", "fecha de ingreso", "month year"),
    "nationality": (
        "nationality",
        "nacionalidad",
        "nacionalidades",
        "citizenship",
        "ciudadania",
        "country of citizenship",
        "country of nationality",
        "pais de nacionalidad",
        "pais de origen",
        "country of origin",
        "pais de nacimiento",
        "origin",
        "origen",
        "nationality iso3",
        "country",
        "pais",
        "paises",
        "continente y pais",
        "continente pais de nacionalidad",
    ),
    "departure": (
        "departure",
        "procedencia",
        "pais de procedencia",
        "country of departure",
        "last country",
        "pais de salida",
        "returned from",
        "retornado de",
        "retornados desde",
        "procedente de",
        "pais que retorna",
    ),
    "gate": (
        "gate",
        "punto de control",
        "puesto de control",
        "puesto fronterizo",
        "puesto migratorio",
        "punto de ingreso",
        "punto de internacion",
        "delegacion",
        "paso fronterizo",
        "frontera",
        "border crossing",
        "border point",
        "crossing point",
        "port of entry",
        "entry point",
        "puerto de entrada",
        "point of entry",
        "sector",
        "aeropuerto",
        "airport",
        "land border region",
        "field office",
        "estacion migratoria",
        "country of asylum",
        "territory of asylum",
        "pais de asilo",
        "country of residence",
        "route",
        "ruta",
        "region",
        "area",
        "location",
    ),
    "people": (
        "sex",
        "sexo",
        "gender",
        "genero",
        "age",
        "edad",
        "grupo de edad",
        "grupo etario",
        "rango de edad",
        "age group",
        "group",
        "grupo",
        "sexo y edad",
        "demographic",
        "poblacion",
    ),
    "direction": ("direction", "direccion", "sentido", "flujo", "movimiento"),
    "measure": (
        "measure",
        "medida",
        "indicator",
        "indicador",
        "concepto",
        "evento",
        "tipo de evento",
        "type",
        "tipo",
        "variable",
        "serie",
    ),
    "status": ("status", "estado del dato", "estatus", "situacion del dato"),
    "ignored": (
        "no",
        "num",
        "numero de orden",
        "id",
        "codigo",
        "code",
        "note",
        "notes",
        "nota",
        "notas",
        "obs",
        "observacion",
        "observaciones",
        "comentario",
        "comentarios",
        "comment",
        "comments",
        "remark",
        "remarks",
        "source",
        "fuente",
        "porcentaje",
        "percent",
        "percentage",
        "variacion",
        "variation",
        "tasa",
        "rate",
        "share",
        "participacion",
        "lat",
        "lon",
        "latitude",
        "longitude",
        "latitud",
        "longitud",
        "objectid",
        "pct",
        "url",
        "part",
        "peso relativo",
        "cambio",
        "change",
        "promedio",
        "average",
    ),
}
COUNT_WORDS = _words(
    "count counts quantity value valor cantidad numero number casos cases personas persons people eventos events total "
    "totales encounters encuentros migrantes migrants registros apprehensions ingresos entradas figure cifra cuenta "
    "recuento n frecuencia detections"
)
_TOTAL = re.compile(r"\b(sub\s?total(es)?|total(es)?|suma|sum|grand total|gran total)\b")
_TOTAL_FILLERS = _words(
    "general grand gran overall nacional national anual annual yearly mensual monthly acumulado del de la los las the of "
    "by por year ano fiscal fy a b c parcial country pais region mes month personas people count fytd"
)
REGIONS = frozenset(
    [
        "africa",
        "america",
        "asia",
        "europa",
        "europe",
        "oceania",
        "america del norte",
        "north america",
        "norteamerica",
        "america central",
        "central america",
        "centroamerica",
        "america del sur",
        "south america",
        "sudamerica",
        "suramerica",
        "america del caribe",
        "islas del caribe",
        "caribe",
        "el caribe",
        "caribbean",
        "the caribbean",
        "america latina",
        "latin america",
        "medio oriente",
        "middle east",
        "extracontinentales",
        "extra continentales",
        "asia pacifico",
        "northern america",
        "otros continentes",
        "tringulo norte",
        "triangulo norte",
    ]
)
FOOTNOTE_STARTS = (
    "fuente",
    "source",
    "nota",
    "note",
    "notas",
    "notes",
    "elaborad",
    "elaboracion",
    "actualizad",
    "updated",
    "fecha de ",
    "date extracted",
    "extracted",
    "informacion",
    "cifras ",
    "figures ",
    "datos ",
    "data ",
    "ver ",
    "see ",
    "incluye ",
    "includes ",
    "1 ",
    "2 ",
    "3 ",
    "p cifras",
)

_CHILD, _ADULT = "0-17", "18+"
PEOPLE: Words[str, dict[str, str]] = MappingProxyType(
    {
        word: facts
        for words, facts in (
            ("hombres hombre male males masculino m h men man varon varones", {"sex": "M"}),
            ("mujeres mujer female females femenino f women woman", {"sex": "F"}),
            ("ninos nino boys boy", {"sex": "M", "age": _CHILD}),
            ("ninas nina girls girl", {"sex": "F", "age": _CHILD}),
            ("adultos adulto adults adult mayores", {"age": _ADULT}),
            ("menores menor minors minor children child nna nnas infancia ninez", {"age": _CHILD}),
            ("otro other x otros others", {"sex": "X"}),
        )
        for word in words.split()
    }
)
PEOPLE_PHRASES: dict[str, dict[str, str]] = {
    "ninas ninos y adolescentes": {"age": _CHILD},
    "ninos ninas y adolescentes": {"age": _CHILD},
    "ninas y ninos": {"age": _CHILD},
    "ninos y ninas": {"age": _CHILD},
    "menores de edad": {"age": _CHILD},
    "mayores de edad": {"age": _ADULT},
    "menores de 18": {"age": _CHILD},
    "menores de 18 anos": {"age": _CHILD},
    "under 18": {"age": _CHILD},
    "18 y mas": {"age": _ADULT},
    "hombres adultos": {"sex": "M", "age": _ADULT},
    "mujeres adultas": {"sex": "F", "age": _ADULT},
    "adult men": {"sex": "M", "age": _ADULT},
    "adult women": {"sex": "F", "age": _ADULT},
    "no especificado": {"sex": "X", "age": "UNK"},
    "no especificada": {"sex": "X", "age": "UNK"},
    "sin especificar": {"sex": "X", "age": "UNK"},
    "unknown": {"sex": "X", "age": "UNK"},
    "unspecified": {"sex": "X", "age": "UNK"},
    "desconocido": {"sex": "X", "age": "UNK"},
}
DIRECTIONS: dict[str, str] = {
    word: direction
    for direction, written in {
        "north": "north|norte|northbound|sur norte|south north|hacia el norte",
        "south": "south|sur|southbound|norte sur|north south|hacia el sur|flujo inverso|reverse flow",
        "in": "in|entrada|entradas|ingreso|ingresos|entry|entries|arrivals|llegadas",
        "out": "out|salida|salidas|egreso|egresos|exit|exits|departures",
    }.items()
    for word in written.split("|")
}

ALL_WORDS = _words("all ambos ambas todos todas both")
OTHERS = _words("otro otra otros otras other others")

_AGE_RANGE = re.compile(r"(?:de |from )?(\d{1,3}) ?(?:a|to|y|and|-) ?(\d{1,3})(?: anos| years)?")
_AGE_OPEN = re.compile(r"(?:(\d{1,3}) ?(?:\+|y mas|o mas|and over|and older|or older|anos y mas|anos o mas|plus)|mayores de (\d{1,3})|over (\d{1,3}))(?: anos)?")  # fmt: skip
_AGE_UNDER = re.compile(r"(?:menores de|menos de|under|less than) (\d{1,3})(?: anos| years)?")


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Lower case, no accents, one space between words; only letters, digits and + survive."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9+]+", " ", bare).split())


@lru_cache(maxsize=4_096)
def heading_role(heading: str) -> tuple[str, str, float] | None:
    """The role a heading announces, the words that say so, and how sure that is (0 to 1)."""
    words = plain(heading)
    if not words:
        return None
    if "%" in heading:
        return "ignored", "%", 0.9
    best: tuple[str, str, float] | None = None
    for role, entries in HEADINGS.items():
        for entry in entries:
            if words == entry:
                sure = 1.0
            elif f" {entry} " in f" {words} " and len(entry) > 2:
                sure = 0.5 + 0.45 * len(entry) / len(words)
            else:
                continue
            if best is None or sure > best[2]:
                best = (role, entry, round(sure, 2))
    return best


def is_count_heading(heading: str) -> bool:
    """Whether a heading has a word for a number of people or events."""
    return bool(COUNT_WORDS.intersection(plain(heading).split()))


@lru_cache(maxsize=16_384)
def total_rest(text: str) -> str | None:
    """What a total is of ("Total 2023" → "2023", "Total general" → ""), or None when the text names no total."""
    words = plain(text)
    if not _TOTAL.search(words) or len(words) > 60:
        return None
    return " ".join(word for word in _TOTAL.sub(" ", words).split() if word not in _TOTAL_FILLERS)


@lru_cache(maxsize=16_384)
def is_region(text: str) -> bool:
    """Whether a label among nationalities is a continent or region, whose figure adds up others."""
    return plain(text) in REGIONS


def is_footnote(text: str) -> bool:
    """Whether a line begins as notes under tables do."""
    words = plain(text) + " "
    return words.startswith(FOOTNOTE_STARTS) or text.lstrip().startswith(("*", "¹", "²", "(", "†"))


@lru_cache(maxsize=4_096)
def people(text: str) -> dict[str, str] | None:
    """Sex and age a label names ("Mujeres", "Niñas", "0 a 11 años", "hombres 18+"), or None; {} for all of them."""
    if plain(text) in ALL_WORDS:
        return {}
    words = plain(re.sub(r"(?<=\d)\s*[-–—]\s*(?=\d)", "-", text).replace("-", " a "))
    if words in PEOPLE_PHRASES:
        return dict(PEOPLE_PHRASES[words])
    if words in PEOPLE:
        return dict(PEOPLE[words])
    first, _, rest = words.partition(" ")
    age = _age(words)
    if age:
        return {"age": age}
    if first in PEOPLE and rest:
        age = _age(rest)
        tail = {"age": age} if age else (PEOPLE.get(rest) or PEOPLE_PHRASES.get(rest))
        return {**PEOPLE[first], **tail} if tail else None
    return None


def _age(words: str) -> str | None:
    if match := _AGE_RANGE.fullmatch(words):
        low, high = int(match[1]), int(match[2])
        return f"{low}-{high}" if low <= high <= 120 else None
    if match := _AGE_OPEN.fullmatch(words):
        if match[1]:
            return f"{int(match[1])}+"
        return f"{int(match[2] or match[3]) + 1}+"
    if match := _AGE_UNDER.fullmatch(words):
        return f"0-{int(match[1]) - 1}"
    return None


def direction(text: str) -> str | None:
    """The direction a label names, or None."""
    return DIRECTIONS.get(plain(text))
