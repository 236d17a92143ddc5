"""Hostile and broken files, built here, and what the guard says of each; honest ones pass."""

import gzip
import io
import os
import resource
import struct
import time
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corredor.areas.flows.adapters import guard
from corredor.areas.flows.adapters.figures import FileRefused

CSV = "Mes;Nacionalidad;Total\nEnero 2023;Haití;1.204\n"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def put(folder: Path, content: bytes | str, name: str = "file.bin") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, **options) -> str:
    with pytest.raises(FileRefused) as refused:
        guard.inspect(path, **options)
    assert refused.value.reason_en
    assert refused.value.reason_es
    assert refused.value.reason_en != refused.value.reason_es
    return refused.value.code


def workbook(**cells: object) -> bytes:
    book = openpyxl.Workbook()
    for place, value in (cells or {"A1": "Mes", "B1": "Total", "A2": "Enero", "B2": 7}).items():
        book.active[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def package(members: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def xlsx(sheet: str | bytes, **others: str | bytes) -> bytes:
    return package(
        {
            "[Content_Types].xml": TYPES,
            "xl/workbook.xml": "<workbook/>",
            "xl/worksheets/sheet1.xml": sheet,
            **{name.replace("__", "/"): content for name, content in others.items()},
        }
    )


def ods(table: str, **others: str) -> bytes:
    return package(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": table, **others}
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (CSV.encode("utf-8"), "csv"),
        (CSV.encode("utf-8-sig"), "csv"),
        (CSV.encode("latin-1"), "csv"),
        (CSV.encode("utf-16"), "csv"),
        (CSV.replace("\n", "\r").encode("cp1252"), "csv"),
        (gzip.compress(CSV.encode()), "csv.gz"),
        (gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n"), "csv.gz"),
        (workbook(), "xlsx"),
        (
            ods(
                '<table:table><table:table-row><table:table-cell office:value-type="float"/></table:table-row>'
            ),
            "ods",
        ),
        (b"%PDF-1.7\n1 0 obj\n<<>>\ntrailer\n%%EOF\n", "pdf"),
    ],
)
@pytest.mark.parametrize("name", ["figures.csv", "figures.xls", "figures"])
def test_a_file_is_known_by_its_content_whatever_its_name(tmp_path, content, kind, name):
    assert guard.inspect(put(tmp_path, content, name)).kind == kind


def test_the_legacy_workbooks_of_a_ministry_pass(shared_data):
    files = sorted((shared_data / "mexico_upm_official_xls" / "raw").glob("*.xls"))

    assert [guard.inspect(file).kind for file in files] == ["xls"] * 4


def test_links_folders_pipes_and_devices_are_not_opened(tmp_path):
    target = put(tmp_path, CSV)
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)

    assert [refusal(path) for path in (link, tmp_path, pipe, Path("/dev/zero"))] == ["not-a-file"] * 4
    assert refusal(tmp_path / "absent.csv") == "not-found"


def test_an_empty_and_an_oversized_file_are_refused(tmp_path):
    assert refusal(put(tmp_path, b"")) == "empty"
    assert refusal(put(tmp_path, gzip.compress(b""))) == "empty"
    assert refusal(put(tmp_path, CSV), max_bytes=10) == "too-large"


# Text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"mes,total\nenero,\x00\x01\x02\n", "binary"),
        (bytes(range(1, 32)) * 50, "binary"),
        (b"\x7fELF" + bytes(200), "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"  <html><table><tr><td>Mes</td></tr></table></html>", "not-a-table"),
        (b'<?xml version="1.0"?><Workbook/>', "not-a-table"),
        (b"{\\rtf1 Mes}", "not-a-table"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, "not-a-table"),
        (b"," * 1_000_000 + b"\n", "too-many-columns"),
        (b"x" * 2_000_000, "line-too-long"),
        (b"mes,total\n" + b"x" * 2_000_000 + b"\n", "line-too-long"),
    ],
)
def test_what_is_not_a_table_of_text_is_refused(tmp_path, content, code):
    assert refusal(put(tmp_path, content, "figures.csv")) == code


def test_a_million_columns_hidden_far_down_are_found(tmp_path):
    content = b"mes,total\n" * 200_000 + b"1;" * 500_000 + b"\n" + b"enero,1\n"

    assert refusal(put(tmp_path, content)) == "too-many-columns"


# Gzip


def test_a_gzip_bomb_is_stopped_while_it_expands(tmp_path):
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    line = b"enero,1\n" * 131_072
    bomb = b"".join(squeeze.compress(line) for _ in range(400)) + squeeze.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()

    code = refusal(put(tmp_path, bomb))

    assert code == "bomb"
    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_an_archive_inside_an_archive_is_refused(tmp_path):
    assert refusal(put(tmp_path, gzip.compress(gzip.compress(CSV.encode())))) == "nested"
    assert refusal(put(tmp_path, gzip.compress(workbook()))) == "nested"
    assert refusal(put(tmp_path, package({"figures.xlsx": workbook()}))) == "nested"


def test_a_truncated_gzip_is_refused(tmp_path):
    whole = gzip.compress(os.urandom(1000).hex().encode())

    assert refusal(put(tmp_path, whole[:-200])) == "truncated"
    assert refusal(put(tmp_path, whole[:-6] + b"\x01" + whole[-5:])) == "truncated"
    assert refusal(put(tmp_path, whole + b"trailing rubbish")) == "truncated"


# Zip packages


def test_a_truncated_workbook_is_refused(tmp_path):
    whole = workbook()

    for cut in (len(whole) // 2, len(whole) - 1, 100, 4):
        assert refusal(put(tmp_path, whole[:cut])) == "truncated"


def test_a_workbook_with_a_flipped_byte_is_refused(tmp_path):
    whole = bytearray(xlsx("<sheetData>" + os.urandom(3000).hex() + "</sheetData>"))
    at = whole.find(b"xl/worksheets/sheet1.xml") + 200
    whole[at] ^= 0xFF

    assert refusal(put(tmp_path, bytes(whole))) in ("truncated", "bomb")


def test_a_zip_bomb_that_declares_itself_is_not_inflated(tmp_path):
    bomb = xlsx(b" " * 60_000_000)
    started = time.monotonic()

    assert refusal(put(tmp_path, bomb)) == "bomb"
    assert time.monotonic() - started < 2


def test_a_zip_bomb_that_lies_about_its_size_is_stopped(tmp_path):
    bomb = bytearray(xlsx(b" " * 20_000_000))
    for signature, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = bomb.find(signature)
        while at >= 0:
            if bomb[at + name_at : at + name_at + 8] == b"xl/works":
                struct.pack_into("<I", bomb, at + size_at, 5_000)
            at = bomb.find(signature, at + 4)

    assert refusal(put(tmp_path, bytes(bomb))) == "bomb"


def test_members_that_share_the_same_bytes_are_refused(tmp_path):
    bomb = bytearray(xlsx("<sheetData/>", xl__other="x" * 500))
    directory = bomb.find(b"PK\x01\x02")
    first = struct.unpack_from("<I", bomb, directory + 42)[0]
    last = bomb.rfind(b"PK\x01\x02")
    struct.pack_into("<I", bomb, last + 42, first)

    assert refusal(put(tmp_path, bytes(bomb))) == "unsafe-package"


def test_a_package_of_a_hundred_thousand_members_is_refused_before_it_is_listed(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as many:
        for number in range(6_000):
            many.writestr(f"xl/{number}.xml", "")
    content = bytearray(stream.getvalue())
    lying = bytes(content[:-22]) + content[-22:].replace(
        struct.pack("<HH", 6000, 6000), struct.pack("<HH", 3, 3)
    )

    assert refusal(put(tmp_path, bytes(content))) == "bomb"
    assert refusal(put(tmp_path, lying), max_bytes=10_000_000) in ("bomb", "not-a-table")


def test_a_name_twice_and_a_path_out_of_the_package_are_refused(tmp_path):
    content = xlsx("<a/>", **{"xl__workbooK.xml": "<a/>"}).replace(b"xl/workbooK.xml", b"xl/workbook.xml")

    assert refusal(put(tmp_path, content)) == "unsafe-package"
    assert refusal(put(tmp_path, xlsx("<a/>", **{"..__..__evil": "x"}))) == "unsafe-package"


def test_a_password_is_recognised_in_every_kind(tmp_path):
    locked = bytearray(workbook())
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"

    assert refusal(put(tmp_path, bytes(locked))) == "encrypted"
    assert refusal(put(tmp_path, ods("<a/>", **{"META-INF/manifest.xml": manifest}))) == "encrypted"
    assert refusal(put(tmp_path, b"%PDF-1.7\ntrailer <</Encrypt 5 0 R>>\n%%EOF")) == "encrypted"
    assert refusal(put(tmp_path, compound("EncryptedPackage"))) == "encrypted"
    assert (
        refusal(put(tmp_path, compound("Workbook", records=[(0x0809, bytes(16)), (0x002F, bytes(54))])))
        == "encrypted"
    )


@pytest.mark.parametrize(
    "sheet",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><sheetData>&a;</sheetData>',
        " " * 1_048_570 + "<!DOCTYPE x>" + " " * 100,
        "<a/>".encode("utf-16"),
        "<!DOCTYPE x>".encode("utf-16-le"),
    ],
)
def test_xml_tricks_are_refused(tmp_path, sheet):
    path = put(tmp_path, xlsx(sheet))

    assert refusal(path) in ("xml-entities", "unsafe-package")


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ('<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>', "too-many-columns"),
        ('<row r="1"><c r="A1"/></row><row r="1048576"><c r="AAA1048576"/></row>', "too-many-cells"),
        (
            '<x:row r = "1"><x:c r = "A1"/></x:row><x:row r = "1048576"><x:c r=\'AAA1\'/></x:row>',
            "too-many-cells",
        ),
        ("<row>" + "<c/>" * 5_000 + "</row>", "too-many-columns"),
        ("<row>" + "<c/>" * 4_000 + "</row>" + "<row/>" * 5_000, "too-many-cells"),
        ("<c " + "x" * 4_000_000, "unsafe-package"),
    ],
)
def test_sheets_that_span_absurd_rectangles_are_refused(tmp_path, sheet, code):
    assert refusal(put(tmp_path, xlsx(f"<sheetData>{sheet}</sheetData>"))) == code


def test_many_small_sheets_that_together_span_too_much_are_refused(tmp_path):
    corner = '<row r="1"><c r="A1"/></row><row r="100000"><c r="Z100000"/></row>'
    sheets = {f"xl__worksheets__sheet{n}.xml": corner for n in range(2, 5)}

    assert refusal(put(tmp_path, xlsx(corner, **sheets))) == "too-many-cells"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" '
         'table:number-columns-repeated="1024"/></table:table-row>', "too-many-cells"),
        ('<table:table-row><table:table-cell table:number-columns-repeated="9000" office:value-type="float"/>'
         "</table:table-row>", "too-many-columns"),
        ('<table:table-row><table:table-cell office:value-type="float" table:number-columns-repeated="90"/>'
         '</table:table-row><table:table-row table:number-rows-repeated="1000000"/>'
         '<table:table-row><table:table-cell office:value-type="float"/></table:table-row>', "too-many-cells"),
    ],
)  # fmt: skip
def test_repeated_cells_of_an_ods_are_multiplied_out(tmp_path, rows, code):
    assert refusal(put(tmp_path, ods(f"<table:table>{rows}</table:table>"))) == code


def test_the_empty_rows_that_end_every_ods_cost_nothing(tmp_path):
    rows = (
        '<table:table-row><table:table-cell office:value-type="float"/><table:table-cell '
        'table:number-columns-repeated="16383"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )

    assert guard.inspect(put(tmp_path, ods(f"<table:table>{rows}</table:table>"))).kind == "ods"


def test_macros_links_and_embedded_objects_are_left_aside_with_a_note(tmp_path):
    content = xlsx(
        "<sheetData/>",
        xl__vbaProject__bin="macro",
        **{"xl__vbaProject.bin": "x", "xl__externalLinks__e.xml": "<a/>", "xl__embeddings__o.bin": "x"},
    )

    notes = guard.inspect(put(tmp_path, content, "figures.xlsm")).notes

    assert [note.code for note in notes] == ["macros", "external-links", "embedded-objects"]
    assert all(note.text_en and note.text_es for note in notes)


def test_an_archive_among_the_members_is_refused(tmp_path):
    assert (
        refusal(put(tmp_path, xlsx("<a/>", **{"xl__embeddings__bomb.bin": package({"a": "b"})}))) == "nested"
    )


def test_other_packages_are_not_tables(tmp_path):
    assert refusal(put(tmp_path, package({"word/document.xml": "<a/>"}))) == "not-a-table"
    assert refusal(put(tmp_path, package({"xl/workbook.bin": "x"}))) == "not-a-table"
    assert refusal(put(tmp_path, b"PK\x05\x06" + bytes(18))) == "not-a-table"


# Legacy workbooks


def compound(name: str, *, records: list[tuple[int, bytes]] | None = None) -> bytes:
    """A compound file with one stream: header, allocation table, directory, stream."""
    stream = b"".join(
        struct.pack("<HH", kind, len(body)) + body for kind, body in records or [(0x0809, bytes(16))]
    )
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    tables = b"".join(struct.pack("<I", n) for n in table).ljust(512, b"\xff")
    assert len(tables) == 512
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(10)
    )
    header += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header += struct.pack("<109I", *([0xFFFFFFFF] * 108), 0xFFFFFFFF)
    header = bytearray(header[:512])
    struct.pack_into("<I", header, 76, 0)
    struct.pack_into("<I", header, 48, 1)

    def entry(title: str, kind: int, start: int, size: int) -> bytes:
        text = title.encode("utf-16-le")
        body = bytearray(128)
        body[: len(text)] = text
        struct.pack_into("<HBB", body, 64, len(text) + 2, kind, 1)
        struct.pack_into("<II", body, 116, start, size)
        return bytes(body)

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry(name, 2, 2, len(stream)) + bytes(256)
    return bytes(header) + tables + directory + stream.ljust(sectors * 512, b"\0")


def cell(row: int, column: int) -> tuple[int, bytes]:
    return 0x0203, struct.pack("<HHHd", row, column, 0, 1.0)


def test_a_legacy_workbook_passes(tmp_path):
    content = compound("Workbook", records=[(0x0809, bytes(16)), cell(0, 0), cell(9, 3), (0x000A, b"")])

    assert guard.inspect(put(tmp_path, content)).kind == "xls"


def test_a_legacy_workbook_cut_anywhere_is_refused(tmp_path, shared_data):
    whole = (shared_data / "mexico_upm_official_xls" / "raw" / "rechazos_2020.xls").read_bytes()

    for cut in (len(whole) - 600, len(whole) // 2, 4_000, 600, 100, 20, 8):
        assert refusal(put(tmp_path, whole[:cut])) == "truncated"


def test_legacy_sheets_with_cells_in_far_corners_are_refused(tmp_path):
    sheet = [(0x0809, bytes(16)), cell(0, 0), cell(65_535, 255), (0x000A, b"")]

    assert refusal(put(tmp_path, compound("Workbook", records=sheet))) == "too-many-cells"


def test_a_chain_that_loops_and_other_ole_files_are_refused(tmp_path):
    looping = bytearray(compound("Workbook"))
    struct.pack_into("<I", looping, 512 + 4 * 9, 2)

    assert refusal(put(tmp_path, bytes(looping))) == "truncated"
    assert refusal(put(tmp_path, compound("WordDocument"))) == "not-a-table"


# Formulas and live text


def test_formula_cells_without_a_stored_result_are_found(tmp_path):
    path = put(tmp_path, workbook(A1="Mes", B1="Total", A2="Enero", B2="=SUM(1,2)", B3=4))

    assert guard.inspect(path).has_formulas
    assert guard.formulas_without_value(path) == {"Sheet": {(2, 2)}}


def test_a_stored_result_counts_as_a_value(tmp_path):
    path = put(tmp_path, workbook(A1="Mes", B2="=SUM(1,2)"))
    content = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    content[sheet] = (
        content[sheet]
        .replace(b"<v></v>", b"<v>3</v>")
        .replace(b"<v />", b"<v>3</v>")
        .replace(b"<v/>", b"<v>3</v>")
    )
    path.write_bytes(package(content))

    assert guard.formulas_without_value(path) == {}


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM", "\t=1"])
def test_live_text_is_made_inert(text):
    assert guard.inert(text) == "'" + text
    assert guard.inert("Haití = " + text) == "Haití = " + text


HONEST = [
    workbook(),
    compound("Workbook", records=[(0x0809, bytes(16)), cell(0, 0)]),
    gzip.compress(CSV.encode() * 50),
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    honest=st.sampled_from(HONEST),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    keep=st.floats(0.01, 1),
)
def test_a_damaged_file_is_taken_or_refused_but_never_breaks_the_guard(tmp_path, honest, changes, keep):
    content = bytearray(honest)
    for place, byte in changes:
        content[int(place * len(content))] = byte
    path = put(tmp_path, bytes(content[: max(1, int(keep * len(content)))]))

    try:
        kind = guard.inspect(path).kind
    except FileRefused as refused:
        kind = refused.code

    assert kind
