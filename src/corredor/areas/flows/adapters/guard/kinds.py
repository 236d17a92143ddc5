"""The words of the guard: kinds, limits, notes and the reasons for which a file is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corredor.areas.flows.adapters.figures import FileRefused

Kind = Literal["csv", "csv.gz", "xlsx", "xls", "ods", "pdf"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an honest file may be. Bytes, members, columns, cells."""

    max_bytes: int = 200_000_000  # on disk
    max_expanded: int = 1_000_000_000  # once decompressed, all members together
    max_ratio: int = 200  # expanded ÷ compressed, judged above `ratio_from`
    ratio_from: int = 8_000_000
    max_members: int = 5_000
    max_columns: int = 4_096
    max_line: int = 1_000_000
    max_cells: int = 6_000_000  # of a workbook's used rectangles: a spreadsheet library allocates them whole


@dataclass(frozen=True, slots=True)
class Note:
    """Something of the file that is left aside, worth telling the person who sent it."""

    code: str
    text_en: str
    text_es: str


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is: its kind, its size on disk and expanded, and what in it is ignored."""

    kind: Kind
    size: int
    expanded: int
    notes: tuple[Note, ...] = ()
    has_formulas: bool = False


MACROS = Note(
    "macros",
    "The workbook holds macros. They are ignored and never run.",
    "El libro contiene macros. Se ignoran y nunca se ejecutan.",
)
EXTERNAL = Note(
    "external-links",
    "The workbook refers to other files. They are not followed: the values stored in it are read.",
    "El libro remite a otros archivos. No se siguen: se leen los valores guardados en él.",
)
EMBEDDED = Note(
    "embedded-objects",
    "The workbook holds embedded objects. They are ignored.",
    "El libro contiene objetos incrustados. Se ignoran.",
)

_REASONS = {
    "not-found": ("There is no such file.", "No existe ese archivo."),
    "not-a-file": (
        "This is not an ordinary file but a folder, a link or a device. Choose the file itself.",
        "No es un archivo común sino una carpeta, un enlace o un dispositivo. Elija el archivo mismo.",
    ),
    "empty": ("The file is empty.", "El archivo está vacío."),
    "too-large": (
        "The file has {size} bytes; the limit is {limit}. Split it, for example by year.",
        "El archivo tiene {size} bytes; el límite es {limit}. Divídalo, por ejemplo por año.",
    ),
    "truncated": (
        "The file is cut short or damaged. Please send it again.",
        "El archivo está incompleto o dañado. Envíelo de nuevo.",
    ),
    "encrypted": (
        "The file is protected by a password. Save a copy without it and send that.",
        "El archivo está protegido con contraseña. Guarde una copia sin ella y envíela.",
    ),
    "bomb": (
        "The file expands to far more than its size allows ({detail}). It was not opened.",
        "El archivo se expande mucho más de lo que su tamaño permite ({detail}). No se abrió.",
    ),
    "nested": (
        "There is a compressed file inside this compressed file. Send the table itself.",
        "Hay un archivo comprimido dentro de este archivo comprimido. Envíe la tabla misma.",
    ),
    "unsafe-package": (
        "The package is put together in a way no spreadsheet program does ({detail}). It was not opened.",
        "El paquete está armado como ningún programa de hojas de cálculo lo hace ({detail}). No se abrió.",
    ),
    "xml-entities": (
        "The file declares XML entities, which spreadsheets never need. It was not opened.",
        "El archivo declara entidades XML, que las hojas de cálculo no necesitan. No se abrió.",
    ),
    "not-a-table": (
        "This is not a table Corredor can read ({detail}). Send CSV, XLSX, XLS, ODS or PDF.",
        "No es una tabla que Corredor pueda leer ({detail}). Envíe CSV, XLSX, XLS, ODS o PDF.",
    ),
    "binary": (
        "The file is not text: it holds binary data. Send CSV, XLSX, XLS, ODS or PDF.",
        "El archivo no es texto: contiene datos binarios. Envíe CSV, XLSX, XLS, ODS o PDF.",
    ),
    "too-many-columns": (
        "The table has more than {limit} columns.",
        "La tabla tiene más de {limit} columnas.",
    ),
    "line-too-long": (
        "A line is longer than {limit} bytes: this is not a table of figures.",
        "Una línea supera los {limit} bytes: no es una tabla de cifras.",
    ),
    "too-many-cells": (
        "The sheets span more than {limit} cells. Save the table alone, or as CSV.",
        "Las hojas abarcan más de {limit} celdas. Guarde solo la tabla, o como CSV.",
    ),
}


def refuse(code: str, **found: object) -> FileRefused:
    """The refusal for ``code``, ready to raise."""
    reason_en, reason_es = _REASONS[code]
    return FileRefused(code, reason_en.format(**found), reason_es.format(**found))
