"""``corredor flows …``: figures, from the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from django.utils import translation
from django.utils.translation import gettext as _

from corredor.areas.flows import exports, queries, services
from corredor.areas.flows.queries import FigureFilter
from corredor.areas.flows.queries.things import BatchCard, Headline, Point, SeriesCard, Words
from corredor.areas.flows.services import FileNotTaken, ImportProposal, Report
from corredor.kernel.errors import Invalid
from corredor.kernel.policy import PUBLIC, SYSTEM, Actor
from corredor.kernel.sharing import Level

F = TypeVar("F", bound=Callable[..., Any])
LEVELS = [level.name.lower() for level in Level]
DATE = click.DateTime(formats=["%Y-%m-%d"])


def as_json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")(
        command
    )


def known_on_option(command: F) -> F:
    return click.option(
        "--as-known-on", type=DATE, help="As known at the end of that day · como se sabía ese día"
    )(command)


def public_option(command: F) -> F:
    return click.option("--public", is_flag=True, help="Only what is public · solo lo público")(command)


@click.group()
def flows() -> None:
    """Figures: import, publish, export · cifras: importar, publicar, exportar."""


# ---------------------------------------------------------------------------------------------------------------------
# Import


@flows.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--adapter", help="The reader; recognised when left out · el lector")
@click.option("--source", help="Whose figures they are · de quién son las cifras")
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Which column is what, as JSON from propose · qué es cada columna")  # fmt: skip
@click.option("--known-at", type=DATE, help="When the figures became known · cuándo se conocieron")
@click.option("--dry-run", is_flag=True, help="Do it all and keep nothing · probar sin conservar nada")
@as_json_option
def import_(
    file: Path,
    adapter: str | None,
    source: str | None,
    mapping: Path | None,
    known_at: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Keep the figures of FILE as one batch. · Conservar las cifras de un archivo como un lote."""
    try:
        report = services.import_observations(
            path=file,
            by=SYSTEM,
            adapter=adapter,
            source=source,
            mapping=_mapping(mapping),
            known_at=known_at.date() if known_at else None,
            dry_run=dry_run,
        )
    except FileNotTaken as refused:
        if as_json:
            _print_json(_refused_file(refused))
        raise
    if as_json:
        _print_json(report_json(report))
    else:
        _say_report(report)
    if report.status == "refused":
        click.echo(_("No row of the file could be taken."), err=True)
        sys.exit(1)


def _mapping(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeError, json.JSONDecodeError) as error:
        raise Invalid({"mapping": _("This is not JSON.")}, rule=_("The mapping is not JSON.")) from error
    if not isinstance(given, dict):
        raise Invalid({"mapping": _("This is not a mapping.")}, rule=_("The mapping is not an object."))
    return given.get("mapping", given)


def _refused_file(refused: FileNotTaken) -> dict[str, Any]:
    place, words = refused.details["place"], refused.rule
    reason = {
        "row": place.row,
        "column": place.column,
        "sheet": place.sheet,
        "reason_code": refused.details["reason"],
    }
    reason |= {"reason_es": words.es, "reason_en": words.en, "found": ""}
    counts = dict.fromkeys(("read", "kept", "unchanged", "revised", "summed"), 0)
    return {
        "batch": None,
        "adapter": "",
        "source": "",
        "status": "refused",
        **counts,
        "refused": 1,
        "refusals": [reason],
        "refusals_left_off": 0,
        "checks": [],
    }


def report_json(report: Report) -> dict[str, Any]:
    """An import's report, as the API and --json give it."""
    return {
        "batch": report.batch,
        "adapter": report.adapter,
        "source": report.source,
        "status": report.status,
        "read": report.read,
        "kept": report.kept,
        "unchanged": report.unchanged,
        "revised": report.revised,
        "refused": report.refused,
        "of_other_sources": report.of_other_sources,
        "summed": report.summed,
        "refusals": [
            {
                "row": r.place.row,
                "column": r.place.column,
                "sheet": r.place.sheet,
                "reason_code": r.code,
                "reason_es": r.reason_es,
                "reason_en": r.reason_en,
                "found": r.found,
            }
            for r in report.refusals
        ],
        "refusals_left_off": report.refused - len(report.refusals),
        "checks": [
            {
                "row": c.place.row,
                "column": c.place.column,
                "sheet": c.place.sheet,
                "what": c.what,
                "stated": c.stated,
                "summed": c.summed,
                "agrees": c.agrees,
            }
            for c in report.checks
        ],
    }


def _say_report(report: Report) -> None:
    if report.status == "known-already":
        click.echo(_("This file is batch %(batch)s already; nothing changes.") % {"batch": report.batch})
        return
    name = _("Dry run") if report.batch is None else _("Batch %(batch)s") % {"batch": report.batch}
    click.echo(
        _(
            "%(name)s, %(source)s, read by %(adapter)s: %(read)s read, %(kept)s kept (%(revised)s revised), "
            "%(unchanged)s unchanged, %(refused)s refused, %(summed)s sums."
        )
        % {
            "name": name,
            "source": report.source,
            "adapter": report.adapter,
            "read": report.read,
            "kept": report.kept,
            "revised": report.revised,
            "unchanged": report.unchanged,
            "refused": report.refused,
            "summed": report.summed,
        }
    )
    for check in report.checks:
        if not check.agrees:
            told = {
                "row": check.place.row,
                "what": check.what,
                "stated": check.stated,
                "summed": check.summed,
            }
            click.echo(
                _("Row %(row)s: the file states %(stated)s for %(what)s, its parts sum to %(summed)s.") % told
            )
    for refusal in report.refusals[:20]:
        place = " ".join(filter(None, [refusal.place.sheet, str(refusal.place.row), refusal.place.column]))
        click.echo(f"  {place}: {Words(refusal.reason_en, refusal.reason_es)}")
    if report.refused > 20:
        click.echo(_("… and %(more)s more; --json lists them.") % {"more": report.refused - 20})


@flows.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", help="Whose figures they are · de quién son las cifras")
@click.option("--sheet", default="", help="The sheet of the workbook · la hoja del libro")
@as_json_option
def propose(file: Path, source: str | None, sheet: str, as_json: bool) -> None:
    """Say how FILE would be read; nothing is kept. · Decir cómo se leería un archivo."""
    proposal = services.propose_import(path=file, by=SYSTEM, source=source, sheet=sheet)
    if as_json:
        _print_json(_proposal_json(proposal))
        return
    click.echo(_("Reader: %(adapter)s. Source: %(source)s.") % {"adapter": proposal.adapter, "source": proposal.source or "?"})  # fmt: skip
    if proposal.proposal is None:
        return
    for column in proposal.proposal.mapping.columns:
        click.echo(f"  {column.index + 1}. {column.heading!r}: {column.role} ({column.confidence:.0%})")
    for question in proposal.proposal.questions:
        click.echo(f"? {Words(question.text_en, question.text_es)} {' '.join(question.options)}".rstrip())


def _proposal_json(found: ImportProposal) -> dict[str, Any]:
    told = {"adapter": found.adapter, "source": found.source, "is_remembered": found.is_remembered}
    proposed = json.loads(found.proposal.to_json()) if found.proposal else {"mapping": None, "questions": []}
    return {**told, **proposed}


# ---------------------------------------------------------------------------------------------------------------------
# Batches


@flows.command()
@click.argument("batch", type=int)
@click.option("--level", type=click.Choice(LEVELS[1:]), required=True, help="How far · hasta dónde")
@as_json_option
def publish(batch: int, level: str, as_json: bool) -> None:
    """Let BATCH be seen farther. · Permitir que un lote se vea más lejos."""
    reached = services.publish_batch(batch=batch, level=Level[level.upper()], by=SYSTEM)
    _tell({"batch": batch, "level": reached.name.lower()}, as_json, _("Batch %(batch)s: %(level)s."))


@flows.command()
@click.argument("batch", type=int)
@as_json_option
def withdraw(batch: int, as_json: bool) -> None:
    """Take BATCH back; what was said before is current again. · Retirar un lote."""
    services.withdraw_batch(batch=batch, by=SYSTEM)
    _tell({"batch": batch, "status": "withdrawn"}, as_json, _("Batch %(batch)s is withdrawn."))


@flows.command("list")
@click.option("--source", default="", help="Only of this source · solo de esta fuente")
@click.option("--limit", default=50, show_default=True)
@as_json_option
def list_(source: str, limit: int, as_json: bool) -> None:
    """The imports, newest first; says which did not finish. · Las importaciones."""
    services.close_unfinished()
    found = queries.batches(SYSTEM, source=source, limit=limit)
    if as_json:
        _print_json({"batches": [_batch_json(card) for card in found]})
        return
    for card in found:
        click.echo(
            f"{card.id:>6}  {card.known_at:%Y-%m-%d}  {card.status:<9} {card.level.name.lower():<9} "
            f"{card.source.code:<24} {card.kept:>8}  {card.file_name}  {card.failure}".rstrip()
        )


def _batch_json(card: BatchCard) -> dict[str, Any]:
    return {
        "batch": card.id,
        "source": card.source.code,
        "file": card.file_name,
        "adapter": card.adapter,
        "known_at": card.known_at,
        "imported_at": card.imported_at,
        "status": card.status,
        "failure_es": card.failure.es,
        "failure_en": card.failure.en,
        "level": card.level.name.lower(),
        **{
            name: getattr(card, name)
            for name in ("read", "kept", "unchanged", "revised", "refused", "summed")
        },
    }


@flows.command()
@as_json_option
def reference(as_json: bool) -> None:
    """Load the shipped measures, gates and sources that are missing. · Cargar medidas, puntos y fuentes."""
    counts = services.load_reference()
    found = [source.code for source in queries.sources()]
    if as_json:
        _print_json({**counts, "sources": found})
        return
    click.echo(_("%(measure)s measures, %(gate)s gates, %(source)s sources:") % counts)
    for code in found:
        click.echo(f"  {code}")


# ---------------------------------------------------------------------------------------------------------------------
# Reading


@flows.command()
@click.argument("gate")
@known_on_option
@public_option
@as_json_option
def show(gate: str, as_known_on: datetime | None, public: bool, as_json: bool) -> None:
    """The newest figures of GATE. · Las cifras más recientes de un punto."""
    page = queries.gate(_reader(public), gate, as_known_on=_day(as_known_on))
    if as_json:
        _print_json({"gate": gate, "headlines": [_headline_json(h) for h in page.headlines]})
        return
    click.echo(f"{page.gate.name}")
    for headline in page.headlines:
        click.echo(f"  {headline.series.measure.name} ({headline.series.source.publisher})")
        click.echo(f"    {headline.sentence}")
        for flag in headline.flags:
            click.echo(f"    ! {flag.words}")


def _headline_json(headline: Headline) -> dict[str, Any]:
    return {
        **_series_json(headline.series),
        "last": _point_json(headline.last),
        "running": _point_json(headline.running) if headline.running else None,
        "age_days": headline.age_days,
        "sentence_es": headline.sentence.es,
        "sentence_en": headline.sentence.en,
        "flags": [{"code": f.code, "es": f.words.es, "en": f.words.en} for f in headline.flags],
    }


def _series_json(card: SeriesCard) -> dict[str, Any]:
    return {
        "series": card.key,
        "source": card.source.code,
        "measure": card.measure.code,
        "gate": card.gate.code,
        "frequency": card.frequency,
        "nationality": card.nationality,
        "basis": card.basis,
        "level": card.level.name.lower(),
    }


def _point_json(point: Point) -> dict[str, Any]:
    return {
        "period": point.label,
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "status": point.status,
        "is_part": point.is_part,
        "is_protected": point.is_protected,
        "known_at": point.known_at,
        "revised_from": point.revised_from,
    }


@flows.command()
@click.option("--gate", default="", help="Only of this gate · solo de este punto")
@known_on_option
@public_option
@as_json_option
def quality(gate: str, as_known_on: datetime | None, public: bool, as_json: bool) -> None:
    """What there is to doubt in the newest figures. · Qué conviene revisar en las cifras más recientes."""
    found = queries.situation(_reader(public), as_known_on=_day(as_known_on))
    doubtful = [
        headline
        for place in found.gates
        if gate in ("", place.gate.code)
        for headline in place.headlines
        if headline.flags
    ]
    if as_json:
        _print_json({"doubts": [_headline_json(headline) for headline in doubtful]})
        return
    for headline in doubtful:
        click.echo(f"{headline.series.gate.name}, {headline.series.measure.name}")
        for flag in headline.flags:
            click.echo(f"  {flag.code}: {flag.words}")


@flows.command()
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file; standard output when left out · el archivo")  # fmt: skip
@click.option("--source", default="")
@click.option("--measure", default="")
@click.option("--gate", default="")
@click.option("--country", default="", help="ISO 3166-1 alpha-3")
@click.option("--nationality", default="", help="ISO 3166-1 alpha-3")
@click.option("--frequency", type=click.Choice(["D", "W", "M", "Q", "Y"]))
@click.option("--since", type=DATE)
@click.option("--until", type=DATE)
@click.option("--language", type=click.Choice(["es", "en"]), help="Of the attributions · de las atribuciones")
@known_on_option
@public_option
def export(
    kind: str,
    output: Path | None,
    since: datetime | None,
    until: datetime | None,
    language: str | None,
    as_known_on: datetime | None,
    public: bool,
    **exact: str | None,
) -> None:
    """Write figures as CSV or XLSX with HXL tags. · Escribir cifras como CSV o XLSX con etiquetas HXL."""
    chosen: dict[str, Any] = {name: value for name, value in exact.items() if value}
    wanted = FigureFilter(since=_day(since), until=_day(until), **chosen)
    rows = queries.every_figure(_reader(public), wanted, as_known_on=_day(as_known_on))
    language = language or (translation.get_language() or "es")[:2]
    if kind == "xlsx":
        with _bytes_out(output) as target:
            exports.write_xlsx(rows, target, language=language)
        return
    with _bytes_out(output) as target:
        for line in exports.csv_lines(rows, language=language):
            target.write(line.encode("utf-8"))


def _bytes_out(output: Path | None) -> Any:
    return click.open_file(str(output) if output else "-", "wb")


# ---------------------------------------------------------------------------------------------------------------------


def _reader(public: bool) -> Actor:
    """Whoever may run commands on the machine reads everything, unless the public's view is asked for."""
    return PUBLIC if public else SYSTEM


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _tell(facts: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        _print_json(facts)
    else:
        click.echo(sentence % facts)
