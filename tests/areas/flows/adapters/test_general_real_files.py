"""The messy files of real publishers, read with rules that were not made for them."""

import csv
import gzip
from collections import defaultdict
from datetime import date
from pathlib import Path

import python_calamine

from corredor.areas.flows.adapters import general
from corredor.areas.flows.adapters.figures import Figure, Refusal, TotalCheck

TODAY = date(2026, 1, 1)


def items(path: Path, mapping: general.Mapping, kind: type) -> list:
    return [item for item in general.read(path, mapping, today=TODAY) if isinstance(item, kind)]


def test_the_airport_tables_of_mexico_lose_no_figure(shared_data):
    for path in sorted((shared_data / "mexico_upm_official_xls" / "raw").glob("rechazos_*.xls")):
        proposal = general.propose(path, today=TODAY)
        mapping = proposal.mapping
        mapping.fixed["measure"] = "refusals_at_airport"
        if "confirm-month" in [q.code for q in proposal.questions]:  # one sheet is called "Rechazos Ene 2019"
            del mapping.fixed["month"]
        sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        stated = sum(int(cell) for row in sheet[1:] for cell in row[2:] if isinstance(cell, int | float))

        assert [c.role for c in mapping.columns[:2]] == ["nationality", "year"]
        assert {c.role for c in mapping.columns[2:]} <= {"count", "total"}

        names = mapping.names["gate"]
        for column in mapping.counts():
            names.setdefault(str(column.sets["gate"]), "DEMO-AIRPORT-" + str(column.index))
        refusals = items(path, mapping, Refusal)
        names_refused = {refusal.found for refusal in refusals}
        figures = items(path, mapping, Figure)

        assert {refusal.code for refusal in refusals} <= {"unknown-nationality", "said-twice"}, names_refused
        assert sum(f.value for f in figures) >= 0.99 * stated
        assert {f.frequency for f in figures} == {"Y"}


def test_unhcrs_monthly_file_gives_every_cell_of_its_tidy_twin(shared_data):
    folder = shared_data / "unhcr_asylum_monthly"
    (path,) = (folder / "raw").glob("*.csv")
    proposal = general.propose(path, today=TODAY)
    mapping = proposal.mapping
    mapping.fixed["measure"] = "asylum_claims"
    unknown = {q.about for q in proposal.questions if q.code == "which-gate-is"}
    tidy: dict[tuple[str, str], int] = defaultdict(int)
    hidden = 0
    with (folder / "unhcr_asylum_monthly_6origins_6destinations.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            hidden += row["suppressed"] == "1"
            tidy[row["month"], row["origin"]] += int(row["count"] or 0)

    mapping.names.setdefault("gate", {}).update({name: f"DEMO-{n}" for n, name in enumerate(sorted(unknown))})
    figures = items(path, mapping, Figure)
    refusals = items(path, mapping, Refusal)

    assert [c.role for c in mapping.columns] == ["gate", "nationality", "year", "month", "count"]
    assert [q.about for q in proposal.questions if q.code == "what-does-it-mean"] == ["*"]
    gates_later = {r.found for r in refusals if r.code == "unknown-gate"}
    mapping.names["gate"].update({name: f"DEMO-LATER-{n}" for n, name in enumerate(sorted(gates_later))})
    figures = items(path, mapping, Figure)
    assert items(path, mapping, Refusal) == []
    assert sum(f.value for f in figures if f.value is not None) == sum(tidy.values())
    assert sum(f.value is None for f in figures) == hidden
    assert {(f.low, f.high) for f in figures if f.value is None} == {(1, 4)}


def test_text_taken_from_a_pdf_is_read_with_its_fiscal_year_and_checked(shared_data):
    raw = shared_data / "usa_usbp_monthly_fy2000_fy2025" / "raw"
    path = raw / "tabula_export_usbp_monthly_encounters_fy2000.csv"
    mapping = general.propose(path, today=TODAY).mapping
    mapping.names.setdefault("gate", {}).update(
        {
            "Del Rio": "USA-SWB-DRT",
            "El Paso": "USA-SWB-EPT",
            "Laredo": "USA-SWB-LRT",
            "San Diego": "USA-SWB-SDC",
            "Tucson": "USA-SWB-TCA",
            "Coastal Border": "USA-COAST",
            "Northern Border": "USA-NB",
            "Southwest Border": "USA-SWB",
        }
    )

    figures = items(path, mapping, Figure)
    by_gate = {f.gate: f for f in figures if f.period == date(1999, 10, 1)}

    assert mapping.fixed["fiscal_year"] == 2000
    assert mapping.columns[-1].role == "total"
    assert by_gate["USA-SWB-BBT"].value == 891
    assert by_gate["USA-COAST-LVM"].value == 716
    rows = [c for c in items(path, mapping, TotalCheck) if not c.what.startswith("Monthly")]
    assert items(path, mapping, Refusal) == []
    assert len(rows) == 21 + 3  # sectors, and the borders that add them up
    assert all(check.agrees for check in rows)


def test_a_compressed_fiscal_year_file_is_understood(shared_data):
    path = (
        shared_data / "usa_sw_border_encounters" / "raw" / "cbp-nationwide-encounters-fy20-fy23-state.csv.gz"
    )
    mapping = general.propose(path, today=TODAY).mapping
    mapping.names["gate"] = {
        "Northern Land Border": "USA-NB",
        "Southwest Land Border": "USA-SWB",
        "Other": "USA-OTHER",
    }
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        stated = sum(int(row["Encounter Count"]) for row in csv.DictReader(lines))

    figures = items(path, mapping, Figure)
    refused = items(path, mapping, Refusal)

    assert refused == []
    assert sum(f.value for f in figures) == stated
    assert min(f.period for f in figures) == date(2019, 10, 1)
