"""`corredor flows …`: one JSON document and nothing else; refusals on standard error with exit code 1."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from corredor.areas.flows.models import Batch, Observation
from corredor.interfaces.cli.main import command

pytestmark = pytest.mark.django_db
HEADINGS = "measure,gate,frequency,period,nationality,value,source"
REPORT = {
    "batch",
    "adapter",
    "source",
    "status",
    "read",
    "kept",
    "unchanged",
    "revised",
    "refused",
    "of_other_sources",
    "summed",
    "refusals",
    "refusals_left_off",
    "checks",
}


def run(*arguments, expecting=0):
    result = CliRunner().invoke(command, ["flows", *map(str, arguments)])
    assert result.exit_code == expecting, result.output
    return result


def said(*arguments, expecting=0):
    """The one JSON document of a command."""
    return json.loads(run(*arguments, "--json", expecting=expecting).stdout)


@pytest.fixture
def file(countries, tmp_path):
    said("reference")
    path = tmp_path / "ingresos.csv"
    rows = [f"irregular_entries,HND-ALL,M,2024-0{m}-01,VEN,{100 * m},hnd-inm-irregular" for m in range(1, 6)]
    path.write_text("\n".join([HEADINGS, *rows, rows[0].replace("100", "-4")]) + "\n")
    return path


def test_an_import_prints_counts_and_every_refused_row_with_its_reason(file):
    report = said("import", file)

    assert set(report) == REPORT
    assert (report["read"], report["kept"], report["refused"], report["status"]) == (6, 5, 1, "kept")
    assert report["refusals"] == [
        {
            "row": 7,
            "column": "value",
            "sheet": "",
            "reason_code": "negative",
            "reason_es": "Un recuento no puede ser negativo.",
            "reason_en": "A count cannot be negative.",
            "found": "-4",
        }
    ]
    again = said("import", file)
    assert (again["status"], again["batch"], again["kept"]) == ("known-already", report["batch"], 0)


def test_a_dry_run_keeps_nothing(file):
    report = said("import", file, "--dry-run")

    assert (report["batch"], report["status"], report["kept"]) == (None, "dry-run", 5)
    assert not Observation.objects.exists()


def test_a_refused_file_says_why_on_standard_error_and_in_the_document(reference_tables, tmp_path):
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")

    result = run("import", path, "--json", expecting=1)

    document = json.loads(result.stdout)
    assert set(document) | {"of_other_sources"} == REPORT
    assert document["refusals"][0]["reason_code"] == "empty"
    assert (
        document["refusals"][0]["reason_es"] in result.stderr
        or document["refusals"][0]["reason_en"] in result.stderr
    )
    assert not Batch.objects.exists()


def test_a_file_of_which_no_row_can_be_taken_ends_with_one(reference_tables, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(f"{HEADINGS}\nirregular_entries,HND-ALL,M,2024-01-01,VEN,many,hnd-inm-irregular\n")

    document = said("import", path, "--source", "hnd-inm-irregular", expecting=1)

    assert (document["status"], document["refused"]) == ("refused", 1)


def test_wrong_usage_ends_with_two(reference_tables):
    run("import", expecting=2)
    run("publish", "1", "--level", "everywhere", expecting=2)


def test_figures_are_published_shown_exported_and_withdrawn(file):
    batch = said("import", file)["batch"]
    assert said("show", "HND-ALL", "--public")["headlines"] == []

    assert said("publish", batch, "--level", "public") == {"batch": batch, "level": "public"}

    headline = said("show", "HND-ALL", "--public")["headlines"][0]
    assert (headline["last"]["value"], headline["basis"]) == (500, "sum:nationality")
    assert headline["sentence_es"]
    assert headline["sentence_en"]
    assert said("list")["batches"][0]["level"] == "public"
    export = run("export", "--public", "--nationality", "VEN").stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(export)))
    assert rows[0]["value"] == "#affected+num"
    assert [row["value"] for row in rows[1:]] == ["100", "200", "300", "400", "500"]
    doubts = said("quality", "--public")["doubts"]
    assert [flag["code"] for flag in doubts[0]["flags"]] == ["parts-missing"]  # a row of the file was refused
    said("withdraw", batch)
    assert said("show", "HND-ALL", "--public")["headlines"] == []


def test_a_ministrys_table_is_proposed(reference_tables, tmp_path):
    path = tmp_path / "tabla.csv"
    path.write_text("Año;Mes;Nacionalidad;Personas\n2024;Enero;Venezuela;1.200\n2024;Enero;Haití;300\n")

    proposal = said("propose", path, "--source", "hnd-inm-irregular")

    assert proposal["adapter"] == "general"
    assert proposal["mapping"]["columns"]
    assert proposal["questions"]


@pytest.fixture
def reference_tables(countries):
    said("reference")
