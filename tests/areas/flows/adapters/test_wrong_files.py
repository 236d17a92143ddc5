"""Files that are cut, damaged or not what they claim to be, and rows that are not right."""

import gzip
from pathlib import Path

import pytest
from tests.areas.flows.adapters.reading import Reading

from corredor.areas.flows.adapters import ADAPTERS, recognise
from corredor.areas.flows.adapters.figures import FileRefused, Refusal

HEADING = "month,nationality_iso3,count\n"


def darien(tmp_path: Path, content: bytes | str, name: str = "darien.csv") -> Reading:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Reading.of(ADAPTERS["panama-darien"], path)


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_every_adapter_leaves_a_foreign_or_broken_file_to_others(tmp_path: Path, name: str) -> None:
    for file, content in {
        "empty.csv": b"",
        "darien.csv": b"a,b,c\n1,2,3\n",
        "honduras.csv": b"\xff\xfe\x00\x01\x02",
        "mexico_monthly.csv": b"\x1f\x8b\x08\x00 not really gzip",
        "usa_swb.csv": b'"unclosed',
        "rechazos.xls": b"\xd0\xcf\x11\xe0 not really",
        "khsm.xlsx": b"PK\x03\x04 not really",
        "usbp.pdf": b"%PDF-1.7 not really",
    }.items():
        path = tmp_path / file
        path.write_bytes(content)
        assert not ADAPTERS[name].recognises(path)
    assert not ADAPTERS[name].recognises(tmp_path / "missing.csv")


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_every_adapter_refuses_a_file_of_another_layout_in_both_languages(tmp_path: Path, name: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b,c\n1,2,3\n", encoding="utf-8")

    with pytest.raises(FileRefused) as refused:
        list(ADAPTERS[name].read(path))

    assert refused.value.code in ("wrong-layout", "unreadable")
    assert refused.value.reason_en != refused.value.reason_es


def test_the_same_headings_are_told_apart_by_the_files_name(tmp_path: Path) -> None:
    found = {}
    for name in ("darien.csv", "honduras.csv", "mexico_monthly.csv", "usa_swb.csv", "unnamed.csv"):
        path = tmp_path / name
        path.write_text(f"{HEADING}2024-01-01,VEN,5\n", encoding="utf-8")
        adapter = recognise(path)
        found[name] = adapter.name if adapter else None

    assert found == {
        "darien.csv": "panama-darien",
        "honduras.csv": "honduras-irregular-entries",
        "mexico_monthly.csv": "mexico-irregular-situation",
        "usa_swb.csv": "cbp-encounters-series",
        "unnamed.csv": None,
    }


def test_an_upload_is_recognised_by_the_name_it_had(tmp_path: Path) -> None:
    path = tmp_path / "tmp1a2b3c"
    path.write_text(f"{HEADING}2024-01-01,VEN,5\n", encoding="utf-8")

    assert recognise(path) is None
    assert recognise(path, "Honduras mayo.csv") is ADAPTERS["honduras-irregular-entries"]


def test_good_rows_are_kept_beside_refused_ones(tmp_path: Path) -> None:
    reading = darien(
        tmp_path,
        f"{HEADING}2024-01-01,VEN,5\n2024-01-15,VEN,5\n01/02/2024,VEN,5\n2024-13-01,VEN,5\n2024-02-01,XQZ,5\n"
        "2024-02-01,HTI,-5\n\n2024-02-01,CUB,6\n",
    )

    assert [(f.place.row, f.value) for f in reading.figures] == [(2, 5), (9, 6)]
    assert [(r.place.row, r.place.column, r.code) for r in reading.refusals] == [
        (3, "month", "not-a-first-day"),
        (4, "month", "not-a-date"),
        (5, "month", "not-a-date"),
        (6, "nationality_iso3", "unknown-nationality"),
        (7, "count", "negative"),
    ]


def test_a_group_the_publication_does_not_have_is_refused(tmp_path: Path) -> None:
    reading = darien(tmp_path, "month,group,count\n2024-01-01,men,5\n2024-01-01,elders,2\n")

    assert [f.value for f in reading.figures] == [5]
    assert [(r.code, r.found) for r in reading.refusals] == [("unknown-group", "elders")]


def test_columns_may_stand_in_another_order(tmp_path: Path) -> None:
    reading = darien(tmp_path, "count,month,nationality_iso3\n5,2024-01-01,VEN\n")

    assert [(f.nationality, f.value) for f in reading.figures] == [("VEN", 5)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_text_saved_by_a_spreadsheet_is_read(tmp_path: Path, encoding: str) -> None:
    reading = darien(tmp_path, f"{HEADING}2024-01-01,VEN,5\n".encode(encoding))

    assert [f.value for f in reading.figures] == [5]


def test_a_file_cut_in_its_last_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        darien(tmp_path, f"{HEADING}2024-01-01,VEN,5\n2024-02-01,V")

    assert (refused.value.code, refused.value.place.row) == ("truncated", 3)


def test_a_compressed_file_cut_short_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-01,VEN,{number}\n" for number in range(5_000))
    packed = gzip.compress(f"{HEADING}{rows}".encode())

    with pytest.raises(FileRefused) as refused:
        darien(tmp_path, packed[: len(packed) // 2], "darien.csv.gz")

    assert refused.value.code == "truncated"


def test_a_file_with_headings_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        darien(tmp_path, HEADING)

    assert refused.value.code == "empty"


def test_text_that_is_not_utf8_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        darien(tmp_path, f"{HEADING}2024-01-01,VEN,5\n".encode() + b"2024-02-01,\xd1,5\n")

    assert refused.value.code == "encoding"
    assert "UTF-8" in refused.value.reason_es


def test_a_figure_said_twice_is_taken_once_and_summed_once(tmp_path: Path) -> None:
    reading = darien(tmp_path, "year,nationality_iso3,count\n2015,VEN,5\n2015,CUB,7\n2015,VEN,5\n")

    assert reading.values("nationality") == {("VEN",): 5, ("CUB",): 7, ("ALL",): 12}
    assert [(r.code, r.place.row) for r in reading.refusals] == [("said-twice", 4)]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "darien.csv"
    with path.open("w", encoding="utf-8") as out:
        out.write(HEADING)
        for number in range(60_000):
            out.write(f"2024-{number % 12 + 1:02}-01,VEN,{number}\n")

    tracemalloc.start()
    taken = sum(not isinstance(item, Refusal) for item in ADAPTERS["panama-darien"].read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert taken == 60_000
    assert peak < 3_000_000
