"""Formulas in cells: never computed here. A stored result is a value like any other; without one there is nothing."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element  # nosec B405 a type only: parsing is defusedxml's

from defusedxml import ElementTree  # type: ignore[import-untyped]

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]+)")
_LIVE = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """The text as a spreadsheet will show it and not run it: a leading = + - @ gets an apostrophe before it."""
    return "'" + text if text.startswith(_LIVE) else text


def formulas_without_value(path: Path) -> dict[str, set[tuple[int, int]]]:
    """The formula cells of an XLSX that store no result: sheet name → {(row, column)}, both 1-based.

    Programs that write formulas without computing them leave such cells; a reader that takes them for blanks would
    lose figures silently. The file must have passed `guard.inspect`.
    """
    with zipfile.ZipFile(path) as package:
        found = {}
        for name, part in _sheets(package).items():
            with package.open(part) as stream:
                cells = _uncomputed(stream)
            if cells:
                found[name] = cells
        return found


def _sheets(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → member of the package."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    workbook = ElementTree.fromstring(package.read("xl/workbook.xml"))
    members = set(package.namelist())
    sheets = {}
    for element in workbook.iter():
        target = targets.get(element.get(_RELATION)) if _tag(element) == "sheet" else None
        part = (
            str(PurePosixPath("xl", target))
            if target and not target.startswith("/")
            else (target or "").lstrip("/")
        )
        if part in members:
            sheets[element.get("name", "")] = part
    return sheets


def _uncomputed(stream: object) -> set[tuple[int, int]]:
    cells: set[tuple[int, int]] = set()
    for _, element in ElementTree.iterparse(stream):
        tag = _tag(element)
        if tag == "c" and _holds_no_result(element):
            reference = _REFERENCE.fullmatch(element.get("r", ""))
            if reference:
                cells.add((int(reference[2]), _column_number(reference[1])))
        if tag == "row":
            element.clear()
    return cells


def _holds_no_result(cell: Element) -> bool:
    tags = {_tag(child): (child.text or "") for child in cell}
    return "f" in tags and not tags.get("v") and cell.get("t") not in ("str", "inlineStr")


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
