"""``corredor audit …``: prove that nothing was altered or cut off."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from corredor.kernel.audit import queries
from corredor.kernel.errors import Invalid

Heads = dict[str, tuple[int, str]]


@click.group()
def audit() -> None:
    """Read and verify the audit · auditoría."""


@audit.command()
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads noted earlier (corredor audit heads --json) · cabezas anotadas antes",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")
def verify(against: Path | None, as_json: bool) -> None:
    """Walk every chain from its beginning; exit 1 when one does not hold. · Verificar cada cadena."""
    faults = queries.verify(against=read_heads(against) if against else None)
    heads = queries.heads()
    lines = sum(length for length, _digest in heads.values())
    if as_json:
        found = [{"chain": fault.chain, "position": fault.position, "kind": fault.kind} for fault in faults]
        click.echo(json.dumps({"holds": not faults, "chains": len(heads), "lines": lines, "faults": found}))
    elif not faults:
        click.echo(
            _("%(chains)d chains, %(lines)d lines: all hold.") % {"chains": len(heads), "lines": lines}
        )
    for fault in faults if not as_json else []:
        click.echo(f"{fault.chain}/{fault.position}: {fault.kind}", err=True)
    sys.exit(1 if faults else 0)


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")
def heads(as_json: bool) -> None:
    """The last link of every chain: keep a copy outside. · El último eslabón de cada cadena."""
    found = queries.heads()
    if as_json:
        document = {chain: {"length": length, "digest": digest} for chain, (length, digest) in found.items()}
        click.echo(json.dumps(document))
        return
    for chain, (length, digest) in found.items():
        click.echo(f"{chain:<6} {length:>9}  {digest}")


def read_heads(place: Path) -> Heads:
    """Heads as ``heads --json`` wrote them; refuses any other document."""
    try:
        noted: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        return {chain: (int(head["length"]), str(head["digest"])) for chain, head in noted.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Invalid(
            {"against": _("This is no document of heads.")},
            rule=_("%(file)s holds no heads of the audit.") % {"file": place.name},
            way_out=_("Give the file that “corredor audit heads --json” wrote."),
        ) from fault
