"""The fast path for tidy CSV: what it takes, what it refuses and where, and that it agrees with the plain rules."""

import csv
import gzip
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corredor.areas.flows.adapters import tidy
from corredor.areas.flows.adapters.figures import FileRefused

TODAY = date(2025, 6, 15)
HEADER = "measure,gate,frequency,period,nationality,departure,sex,age,direction,detail,value,low,high,status,source"
GOOD = "irregular_transit,PAN-DARIEN,M,2023-08-01,VEN,ALL,F,18+,north,,1204,,,validated,pan-snm-darien"


def write(folder: Path, *lines: str, header: str = HEADER, end: str = "\n", encoding: str = "utf-8") -> Path:
    path = folder / "figures.csv"
    path.write_bytes("".join(line + end for line in (header, *lines)).encode(encoding))
    return path


def read(path: Path, **options) -> list[tidy.TidyBlock]:
    return list(tidy.read_tidy_blocks(path, today=TODAY, **options))


def only(path: Path, **options) -> tidy.TidyBlock:
    (block,) = read(path, **options)
    return block


def refused(path: Path, **options) -> list[tuple[int, str, str]]:
    return [(r.place.row, r.place.column, r.code) for block in read(path, **options) for r in block.refusals]


def test_a_row_becomes_a_combination_and_numbers(tmp_path):
    block = only(write(tmp_path, GOOD))

    assert block.combinations == [
        tidy.Combination(
            "pan-snm-darien", "irregular_transit", "PAN-DARIEN", "M", "VEN", "ALL", "F", "18+", "north", ""
        )
    ]
    assert block.combination.tolist() == [0]
    assert block.period.tolist() == [(date(2023, 8, 1) - date(1970, 1, 1)).days]
    assert (block.value.tolist(), block.low.tolist(), block.high.tolist()) == ([1204], [-1], [-1])
    assert tidy.STATUSES[block.status[0]] == "validated"
    assert block.row.tolist() == [2]
    assert block.refusals == []


def test_blank_breakdowns_read_as_all_and_blank_status_as_validated(tmp_path):
    block = only(write(tmp_path, "irregular_transit,PAN-DARIEN,M,2023-08-01,,,,,,,7,,,,"))

    assert block.combinations[0][4:9] == ("ALL", "ALL", "ALL", "ALL", "ALL")
    assert tidy.STATUSES[block.status[0]] == "validated"


def test_a_hidden_count_keeps_its_range(tmp_path):
    block = only(write(tmp_path, "irregular_transit,PAN-DARIEN,M,2023-08-01,VEN,,,,,,,1,4,provisional,"))

    assert (block.value[0], block.low[0], block.high[0]) == (tidy.NOT_STATED, 1, 4)
    assert tidy.STATUSES[block.status[0]] == "provisional"


def test_hxl_tags_under_the_header_are_not_a_figure(tmp_path):
    tags = ",".join(f"#tag{i}" for i in range(15))

    block = only(write(tmp_path, tags, GOOD))

    assert block.row.tolist() == [3]
    assert block.refusals == []


def test_columns_may_come_in_any_order_with_a_spanish_excel_separator(tmp_path):
    path = write(
        tmp_path,
        "12;2024-01-01;M;PAN-DARIEN;irregular_transit",
        header="Value;PERIOD;frequency; gate ;measure",
    )

    block = only(path)

    assert block.value.tolist() == [12]
    assert block.combinations[0].gate == "PAN-DARIEN"


def test_headings_that_are_not_ours_are_ignored_and_named(tmp_path):
    path = write(tmp_path, GOOD + ",Venezuela", header=HEADER + ",nationality_name")

    assert tidy.read_header(path).ignored == ("nationality_name",)
    assert len(only(path)) == 1


@pytest.mark.parametrize(
    "header",
    [
        "",
        "mes,nacionalidad,total",
        "measure,gate,frequency,period",
        HEADER + ",value",
        '"measure,gate',
        "PK\x03\x04",
    ],
)
def test_a_file_with_other_headings_is_refused_whole(tmp_path, header):
    path = write(tmp_path, GOOD, header=header)

    assert tidy.read_header(path) is None
    with pytest.raises(FileRefused) as refusal:
        read(path)
    assert refusal.value.code == "not-tidy"


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        ("measure", "", "missing-measure"),
        ("gate", "Paso de la Frontera", "unknown-gate"),
        ("frequency", "monthly", "unknown-frequency"),
        ("nationality", "Venezuela", "unknown-nationality"),
        ("departure", "ve", "unknown-departure"),
        ("sex", "hombre", "unknown-sex"),
        ("age", "17-0", "unknown-age"),
        ("direction", "up", "unknown-direction"),
        ("detail", "=HYPERLINK()", "formula"),
        ("detail", "x" * 501, "too-long"),
        ("period", "01/08/2023", "not-a-date"),
        ("period", "2023-02-30", "not-a-date"),
        ("period", "infinity", "not-a-date"),
        ("period", "2023-08-15", "not-a-first-day"),
        ("period", "1899-12-01", "too-early"),
        ("period", "2025-07-01", "in-the-future"),
        ("value", "-3", "negative"),
        ("value", "12.5", "fractional"),
        ("value", "1.000.000", "not-a-number"),
        ("value", "1e3", "not-a-number"),
        ("value", " 12", "not-a-number"),
        ("value", "٣", "not-a-number"),
        ("value", "007", "impossible-count"),
        ("value", "99999999999999999999999", "impossible-count"),
        ("value", "", "no-value"),
        ("low", "2000", "range-in-disorder"),
        ("status", "final", "unknown-status"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_row_and_column(tmp_path, column, written, code):
    cells = GOOD.split(",")
    cells[HEADER.split(",").index(column)] = written

    (block,) = read(write(tmp_path, GOOD.replace("VEN", "HND"), ",".join(cells)))

    assert [(r.place.row, r.place.column, r.code) for r in block.refusals] == [(3, column, code)]
    assert block.refusals[0].reason_en
    assert block.refusals[0].reason_es
    assert block.row.tolist() == [2]


def test_every_fault_of_a_row_is_told_at_once(tmp_path):
    path = write(tmp_path, "irregular_transit,PAN-DARIEN,M,2023-13-01,Venezuela,,,,,,-1,,,,")

    assert [code for _, _, code in refused(path)] == ["unknown-nationality", "not-a-date", "negative"]


def test_codes_unknown_to_the_installation_are_refused(tmp_path):
    vocabulary = tidy.Vocabulary(measures={"irregular_transit"}, gates={"HND-DANLI"}, nationalities={"HND"})

    assert [code for _, _, code in refused(write(tmp_path, GOOD), vocabulary=vocabulary)] == [
        "unknown-gate",
        "unknown-nationality",
    ]


def test_a_figure_said_twice_is_taken_once(tmp_path):
    path = write(tmp_path, GOOD, GOOD.replace("VEN", "HND"), GOOD, GOOD.replace("1204", "9"))

    blocks = read(path, rows_per_block=2)

    assert [row for block in blocks for row in block.row.tolist()] == [2, 3]
    assert refused(path, rows_per_block=2) == [(4, "value", "said-twice"), (5, "value", "said-twice")]
    assert "Row 2" in blocks[1].refusals[0].reason_en


@pytest.mark.parametrize("rows_per_block", [1, 3, 100])
def test_bad_lines_are_refused_one_by_one_and_the_rows_around_them_keep_their_numbers(
    tmp_path, rows_per_block
):
    lines = [GOOD.replace("2023-08", f"2023-{month:02}") for month in range(1, 9)]
    lines[1] = ""
    lines[2] = lines[2].replace("PAN-DARIEN", '"PAN-DARIEN')
    lines[3] += ",,,,,,,surplus"
    lines[4] = lines[4].replace("north", "no\0rth")
    lines[5] += ",extra"
    path = write(tmp_path, *lines, "x" * 70_000, "," * 14)
    path.write_bytes(path.read_bytes().replace(b"2023-07", b"2023-07\xff"))

    blocks = read(path, rows_per_block=rows_per_block)

    assert [row for block in blocks for row in block.row.tolist()] == [2, 9]
    assert refused(path, rows_per_block=rows_per_block) == [
        (4, "", "open-quote"),
        (5, "", "too-many-columns"),
        (6, "", "binary"),
        (7, "", "too-many-columns"),
        (8, "", "encoding"),
        (10, "", "line-too-long"),
    ]


def test_a_short_line_is_refused_for_what_it_lacks(tmp_path):
    path = write(tmp_path, "irregular_transit,PAN-DARIEN,M,2023-08-01")

    assert refused(path) == [(2, "value", "no-value")]


def test_quotes_around_cells_are_read_and_misplaced_ones_refused(tmp_path):
    path = write(
        tmp_path,
        GOOD.replace(",north,,", ',north,"component=OFO, ""air""",'),
        GOOD.replace(",north,,", ',north,"a"b,').replace("08-01", "07-01"),
    )

    (block,) = read(path)

    assert block.combinations[0].detail == 'component=OFO, "air"'
    assert [(r.place.row, r.code) for r in block.refusals] == [(3, "malformed")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_common_encoding_and_line_end_reads_the_same(tmp_path, encoding, end):
    path = write(tmp_path, GOOD.replace(",north,,", ",north,Darién,"), encoding=encoding, end=end)

    block = only(path)

    assert block.combinations[0].detail == "Darién"
    assert block.row.tolist() == [2]


def test_a_compressed_file_is_read_and_a_truncated_one_refused(tmp_path):
    plain = write(tmp_path, *[GOOD.replace("2023-08-01", f"{year}-01-01") for year in range(1900, 2025)])
    zipped = tmp_path / "figures[1]*.csv.gz"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))

    assert len(only(zipped)) == 125

    zipped.write_bytes(zipped.read_bytes()[:-40])
    with pytest.raises(FileRefused) as refusal:
        read(zipped)
    assert refusal.value.code == "truncated"


def test_a_file_of_one_endless_line_is_refused(tmp_path):
    path = write(tmp_path, "x" * 9_000_000)

    with pytest.raises(FileRefused) as refusal:
        read(path)
    assert refusal.value.code == "line-too-long"


def test_a_header_alone_holds_no_figure(tmp_path):
    assert read(write(tmp_path)) == []


CELLS = {
    "measure": ["irregular_transit", "", "a b"],
    "gate": ["PAN-DARIEN", "-"],
    "frequency": ["D", "W", "M", "Q", "Y", "", "X"],
    "period": [
        "2023-08-01",
        "2023-08-07",
        "2023-7-1",
        "2030-01-01",
        "0001-01-01",
        "20230801",
        "2024-02-29",
        "",
        "epoch",
    ],
    "nationality": ["VEN", "", "OOO", "ven"],
    "departure": ["ALL", "HTI"],
    "sex": ["", "F", "f"],
    "age": ["0-11", "18+", "UNK", "adult"],
    "direction": ["north", "", "N"],
    "detail": ["", "component=OFO", "@x", "a,b", 'q"q'],
    "value": ["0", "12", "", "+1", "-1", "1.0", "1,5", "0x1", "10000000001", "00", "nan", "true", "9" * 30],
    "low": ["", "", "1", "-2", "x", "3"],
    "high": ["", "", "4", "12", "2"],
    "status": ["", "validated", "revised", "final"],
    "source": ["", "hnd-inm", "bad source"],
}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), max_size=12
    )
)
def test_the_fast_reader_takes_exactly_what_the_plain_rules_take(tmp_path, rows):
    path = tmp_path / "any.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, tidy.COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    expected, seen = [], set()
    for number, row in enumerate(rows, 2):
        if not tidy.problems_of(row, today=TODAY, vocabulary=tidy.Vocabulary()):
            key = (row["period"], *(row[n] or tidy._DEFAULTS.get(n, "") for n in tidy.DIMENSIONS))
            if key not in seen:
                expected.append((number, int(row["value"] or -1), key[1:]))
            seen.add(key)

    blocks = read(path, rows_per_block=5)

    taken = [
        (row, value, tuple(block.combinations[c]))
        for block in blocks
        for row, value, c in zip(
            block.row.tolist(), block.value.tolist(), block.combination.tolist(), strict=True
        )
    ]
    assert taken == expected
    refused_rows = {refusal.place.row for block in blocks for refusal in block.refusals}
    assert refused_rows == set(range(2, len(rows) + 2)) - {row for row, *_ in expected}


def test_a_large_file_streams_in_bounded_memory_and_loses_no_row(tmp_path):
    path = tmp_path / "large.csv"
    days = [(date(2000, 1, 1) + timedelta(n)).isoformat() for n in range(1000)]
    with path.open("w") as stream:
        stream.write(HEADER + "\n")
        for series in range(200):
            stream.writelines(
                f"irregular_transit,PAN-DARIEN,D,{day},VEN,,,,,s={series},{series},,,,\n" for day in days
            )

    totals = [
        (len(b), int(b.value.sum())) for b in tidy.read_tidy_blocks(path, today=TODAY, rows_per_block=50_000)
    ]

    assert [rows for rows, _ in totals] == [50_000] * 4
    assert sum(total for _, total in totals) == 1000 * sum(range(200))


def test_a_tidy_workbook_reads_as_its_csv_does(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.active.append([f"#tag{i}" for i in range(15)])
    for month, value in ((1, 12), (2, -3), (3, 2.5)):
        row: list[object] = GOOD.split(",")
        row[3], row[9], row[10] = datetime(2024, month, 1), 'component=OFO, "air"', value
        book.active.append(row)
        book.active.append([])
    path = tmp_path / "figures.xlsx"
    book.save(path)

    block = only(path)

    assert tidy.read_header(path).lines == 2
    assert (block.row.tolist(), block.value.tolist()) == ([3], [12])
    assert block.combinations[0].detail == 'component=OFO, "air"'
    assert [(r.place.row, r.code) for r in block.refusals] == [(5, "negative"), (7, "fractional")]
