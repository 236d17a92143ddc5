"""What a file is, by its content: names and browsers' claims are not believed."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePath

UNKNOWN = "application/octet-stream"
SAFE_TO_SHOW = frozenset(
    {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"}
)

_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut
)
_PROGRAM_ENDINGS = frozenset(
    [
        ".exe",
        ".dll",
        ".com",
        ".scr",
        ".msi",
        ".bat",
        ".cmd",
        ".ps1",
        ".vbs",
        ".vbe",
        ".js",
        ".jse",
        ".wsf",
        ".hta",
        ".lnk",
        ".jar",
        ".apk",
        ".app",
        ".sh",
        ".py",
        ".docm",
        ".dotm",
        ".xlsm",
        ".xltm",
        ".xlam",
        ".pptm",
    ]
)
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)
_READ_AHEAD = 4096


def kind_of(file: Path) -> str:
    """The media type of a stored file; ``application/octet-stream`` when its content does not say."""
    beginning = _beginning(file)
    for signature, kind in _BEGINNINGS:
        if beginning.startswith(signature):
            return kind
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    if beginning.startswith(b"PK\x03\x04"):
        return _kind_of_package(file)
    return _kind_of_text(beginning)


def is_program(file: Path, name: str) -> bool:
    """Whether opening it could run something: a program, a script, a macro, or a package that holds one."""
    beginning = _beginning(file)
    if PurePath(name.lower()).suffix in _PROGRAM_ENDINGS or beginning.startswith(_PROGRAMS):
        return True
    return beginning.startswith(b"PK\x03\x04") and any(map(_is_program_inside, _members(file)))


def _is_program_inside(member: str) -> bool:
    return member.lower().endswith("vbaproject.bin") or PurePath(member.lower()).suffix in _PROGRAM_ENDINGS


def _beginning(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_READ_AHEAD)


def _members(file: Path) -> list[str]:
    """The names in a package, from its table of contents; nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as package:
            return package.namelist()
    except _BROKEN:
        return []


def _kind_of_package(file: Path) -> str:
    members = set(_members(file))
    for member, kind in _OFFICE.items():
        if member in members:
            return kind
    if "mimetype" in members and (declared := _declared_kind(file)).startswith(
        "application/vnd.oasis.opendocument."
    ):
        return declared
    return "application/zip"


def _declared_kind(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as package, package.open("mimetype") as stream:
            return stream.read(100).decode("ascii", "replace").strip()
    except _BROKEN:
        return ""


def _kind_of_text(beginning: bytes) -> str:
    text = beginning.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in text:
        return UNKNOWN
    # A letter may be cut in two where reading stopped.
    longest_cut = 3 if len(beginning) == _READ_AHEAD else 0
    if not any(_is_utf8(text[: len(text) - cut]) for cut in range(longest_cut + 1)):
        return UNKNOWN
    start = text.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml")):
        return "text/html" if b"html" in start or b"<script" in start else "application/xml"
    return "text/plain"


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
