"""Keep the Spanish catalogues complete: one per Django app, English being the language of the source.

scripts/messages update [APP …]   add new texts to the catalogues, drop those no longer used
scripts/messages check            fail when a text has no Spanish, or a catalogue is out of step
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "corredor"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def apps() -> list[Path]:
    """Every folder that keeps a catalogue: each Django app of ours, and the package for what is in none of them."""
    return [PACKAGE, *sorted(file.parent for file in PACKAGE.rglob("apps.py"))]


def sources(app: Path) -> Iterator[tuple[Path, str]]:
    """The app's Python files and templates as Python that Babel can read, without those of apps inside it."""
    inner = [other for other in apps() if other != app and app in other.parents]
    for file in sorted(app.rglob("*")):
        if any(other in file.parents for other in inner):
            continue
        if file.suffix == ".py":
            yield file, file.read_text(encoding="utf-8")
        elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
            yield file, templatize(file.read_text(encoding="utf-8"), origin=file.name)


def wanted(app: Path) -> Catalog:
    """The texts the app uses now."""
    catalogue = Catalog(fuzzy=False)
    for file, text in sources(app):
        stream = io.BytesIO(text.encode())
        for line, message, comments, context in extract(
            "python", stream, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            if message and message != "":
                catalogue.add(
                    message, None, [(str(file.relative_to(PACKAGE)), line)], (), comments, context=context
                )
    return catalogue


def path_of(app: Path) -> Path:
    return app / "locale" / "es" / "LC_MESSAGES" / "django.po"


def kept(app: Path) -> Catalog:
    path = path_of(app)
    if not path.exists():
        return Catalog(locale="es")
    with path.open("rb") as file:
        return read_po(file, locale="es")


def update(app: Path) -> None:
    template, catalogue = wanted(app), kept(app)
    if not len(template) and not path_of(app).exists():
        return
    for message in template:
        if message.id and (old := catalogue.get(message.id, message.context)) is not None:
            message.string = old.string
    fresh = Catalog(locale="es", project="Corredor", charset="utf-8", fuzzy=False)
    fresh.header_comment = "# Spanish texts of Corredor."
    for message in template:
        if message.id:
            fresh.add(message.id, message.string, message.locations, context=message.context)
    path_of(app).parent.mkdir(parents=True, exist_ok=True)
    with path_of(app).open("wb") as file:
        write_po(file, fresh, omit_header=False, sort_by_file=True, width=110, include_lineno=False)
    text = path_of(app).read_text(encoding="utf-8").splitlines()
    stable = [line for line in text if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date'))]
    path_of(app).write_text("\n".join(stable) + "\n", encoding="utf-8")
    missing = [message.id for message in fresh if message.id and not is_translated(message)]
    print(f"{app.relative_to(PACKAGE)}: {len(fresh)} texts, {len(missing)} without Spanish")


def is_translated(message: object) -> bool:
    string = message.string  # type: ignore[attr-defined]
    return all(string) if isinstance(string, tuple | list) else bool(string)


def faults(app: Path) -> Iterator[str]:
    """What is missing, fuzzy, broken or no longer used in the app's catalogue."""
    name, catalogue = app.relative_to(PACKAGE), kept(app)
    needed = {
        (message.id if isinstance(message.id, str) else message.id[0], message.context)
        for message in wanted(app)
        if message.id
    }
    for message in catalogue:
        if not message.id:
            continue
        key = (message.id if isinstance(message.id, str) else message.id[0], message.context)
        if key not in needed:
            yield f"{name}: no longer used: {key[0]!r}"
        elif not is_translated(message) or message.fuzzy:
            yield f"{name}: no Spanish for {key[0]!r}"
        else:
            yield from (f"{name}: {error} in {key[0]!r}" for error in message.check(catalogue))
        needed.discard(key)
    yield from (f"{name}: not in the catalogue: {text!r}" for text, _context in sorted(needed, key=str))


def main(arguments: list[str]) -> int:
    settings.configure(USE_I18N=True)
    django.setup()
    verb, *named = arguments or ["check"]
    chosen = [Path(name).resolve() for name in named] or apps()
    if verb == "update":
        for app in chosen:
            update(app)
        return 0
    if verb != "check":
        print(__doc__, file=sys.stderr)
        return 2
    found = [fault for app in chosen for fault in faults(app)]
    print("\n".join(found) or "Both languages are complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
