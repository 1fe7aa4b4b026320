"""Files: judged by their bytes, named without a place, kept whole or not at all."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, TypeAdapter, ValidationError

from purveyor.errors import GoneError, InvalidError, UnavailableError
from purveyor.files import FileKind, FileName, as_attachment, file_place, judge
from purveyor.files.kinds import ENDINGS, PNG_END
from purveyor.files.packages import MOST_EXPANDED
from purveyor.settings import Settings

NAMES: TypeAdapter[str] = TypeAdapter(FileName)
TYPES = (
    '<Types><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType="{}.main+xml"/>{}</Types>'
)
RELATED = (
    '<Relationships><Relationship Type="http://x/relationships/{}" Target="x" TargetMode="{}"/>'
    "</Relationships>"
)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20 + PNG_END
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20 + b"\xff\xd9"


def package(main: str = FileKind.DOCX, more: str = "", part: str = "", content: bytes = b"x") -> bytes:
    """Return an Office document with a main part of a type, and perhaps another part."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(main, more))
        archive.writestr("word/document.xml", "<w:document/>")
        if part:
            archive.writestr(part, content)
    return written.getvalue()


def code_of(content: bytes, name: str, declared: str = "") -> str:
    with pytest.raises(InvalidError) as refused:
        judge(io.BytesIO(content), name, declared)
    assert refused.value.errors
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "name", "declared", "kind"),
    [
        (PDF, "ISO 9001.PDF", "application/pdf", FileKind.PDF),
        (PNG, "a.png", "image/png; charset=binary", FileKind.PNG),
        (JPEG, "a.jpeg", "image/jpg", FileKind.JPEG),
        (package(), "a.docx", "application/octet-stream", FileKind.DOCX),
        (package(part="word/media/a.png", content=PNG), "a.docx", "", FileKind.DOCX),
        (
            package(part="_rels/.rels", content=RELATED.format("hyperlink", "External").encode()),
            "a.docx",
            "",
            FileKind.DOCX,
        ),
        (package(FileKind.XLSX), "a.xlsx", "", FileKind.XLSX),
        ("Größe;Menge\n1;2\n".encode(), "a.csv", "application/vnd.ms-excel", FileKind.CSV),
        ("\ufeffÄ\t1\r\n".encode(), "a.txt", "text/plain; charset=utf-8", FileKind.TEXT),
    ],
)
def test_what_is_taken_is_known_by_its_content(
    content: bytes, name: str, declared: str, kind: FileKind
) -> None:
    assert judge(io.BytesIO(content), name, declared) is kind


@pytest.mark.parametrize(
    ("content", "name", "declared", "code"),
    [
        (b"", "a.pdf", "", "file_empty"),
        (PDF, "a.png", "", "file_not_what_it_says"),
        (PDF, "a.pdf.exe", "", "file_not_what_it_says"),
        (PDF, "a.pdf", "image/png", "file_not_what_it_says"),
        (b"MZ\x90\x00" + PDF, "a.pdf", "application/pdf", "file_type_refused"),
        (b"<script>alert(1)</script>", "a.pdf", "application/pdf", "file_not_what_it_says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "a.doc", "", "file_type_refused"),
        ("Größe".encode("latin-1"), "a.csv", "text/csv", "file_type_refused"),
        ("a;b".encode("utf-16"), "a.csv", "text/csv", "file_type_refused"),
        (PDF[:20], "a.pdf", "", "file_incomplete"),
        (PNG[:-4], "a.png", "", "file_incomplete"),
        (package(FileKind.PDF), "a.docx", "", "file_type_refused"),
        (package(FileKind.XLSX), "a.docx", "", "file_not_what_it_says"),
        (package(part="word/vbaProject.bin"), "a.docx", "", "file_unsafe"),
        (package("application/vnd.ms-word.document.macroEnabled"), "a.docx", "", "file_unsafe"),
        (package(part="word/embeddings/oleObject1.bin"), "a.docx", "", "file_unsafe"),
        (package(more="<!DOCTYPE x [<!ENTITY y 'z'>]>"), "a.docx", "", "file_unsafe"),
        (package(part="../a"), "a.docx", "", "file_unsafe"),
        (package(part="word/a"), "a.docx", "", "file_unsafe"),
        (package(part="word/a.png", content=b"MZ\x90"), "a.docx", "", "file_unsafe"),
        *(
            (
                package(more=f'<Default Extension="{end}" ContentType="image/png"/>', part=f"word/a.{end}"),
                "a.docx",
                "",
                "file_unsafe",
            )
            for end in ("hta", "msi", "exe", "zip")
        ),
        *(
            (
                package(
                    FileKind.XLSX,
                    more=f'<Override PartName="/xl/x.xml" ContentType="application/{kind}"/>',
                    part="xl/x.xml",
                ),
                "a.xlsx",
                "",
                "file_unsafe",
            )
            for kind in (
                "vnd.ms-excel.macrosheet+xml",
                "vnd.ms-office.vba&#80;roject",
                "vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml",
                "hta",
            )
        ),
        *(
            (
                package(part="word/_rels/a.rels", content=RELATED.format(kind, mode).encode()),
                "a.docx",
                "",
                "file_unsafe",
            )
            for kind, mode in (
                ("image", "External"),
                ("attached&#84;emplate", "External"),
                ("xlMacrosheet", ""),
                ("package", ""),
            )
        ),
        (PDF + b"<html><script>alert(1)</script></html>", "a.pdf", "", "file_unsafe"),
        (PDF + package() + b"%%EOF", "a.pdf", "", "file_unsafe"),
        (JPEG + package(), "a.jpg", "", "file_unsafe"),
        (b"<html></html>" + PDF, "a.pdf", "", "file_not_what_it_says"),
        (package()[:-1], "a.docx", "", "file_unsafe"),
        (package() + b"x", "a.docx", "", "file_unsafe"),
        (b"PK\x03\x04", "a.docx", "", "file_unsafe"),
    ],
)
def test_what_is_not_what_it_says_is_refused(content: bytes, name: str, declared: str, code: str) -> None:
    assert code_of(content, name, declared) == code


def test_a_zip_bomb_is_refused_by_what_it_declares_and_by_what_it_is() -> None:
    bomb = package(part="word/bomb", content=bytes(1_000_000))
    for declared in (MOST_EXPANDED, 10):
        forged = bomb.replace((1_000_000).to_bytes(4, "little"), declared.to_bytes(4, "little"))
        assert forged != bomb
        assert code_of(forged, "a.docx") == "file_unsafe"


def test_an_archive_whose_directory_alone_would_fill_the_memory_is_not_read() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"{number:0200}", b"")
    assert code_of(written.getvalue(), "a.docx") == "file_unsafe"


@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", package()[:200], PNG[:8]]))
def test_whatever_is_sent_is_taken_or_refused(content: bytes, head: bytes) -> None:
    codes = set[str]()
    for kind, (ending, *_) in ENDINGS.items():
        try:
            assert judge(io.BytesIO(head + content), f"a{ending}", "") is kind
        except InvalidError as refused:
            codes.add(refused.code)
    assert all(code.startswith("file_") for code in codes)


@given(st.data())
def test_a_document_damaged_anywhere_is_no_failure(data: st.DataObject) -> None:
    sound = bytearray(package(part="word/a", content=b"abc" * 50))
    for place in data.draw(st.lists(st.integers(0, len(sound) - 1), min_size=1, max_size=4)):
        sound[place] = data.draw(st.integers(0, 255))
    with suppress(InvalidError):
        judge(io.BytesIO(bytes(sound)), "a.docx", "")


@pytest.mark.parametrize(
    "name",
    [
        "../a.pdf",
        "/etc/passwd",
        "C:\\a.pdf",
        "a/b.pdf",
        "..",
        ".htaccess",
        "a.pdf\x00.exe",
        "\u3164\u2800",
        "",
        " ",
        "a\u202efdp.exe",
        "a\uff0fb.pdf",
        "a.pdf.",
        "x" * 201,
        "a\nb.pdf",
        "…",
        "-rf.pdf",
        "con|aux.txt",
    ],
)
def test_a_name_that_is_a_place_or_nothing_to_read_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        NAMES.validate_python(name)


def test_a_name_is_sent_back_as_it_was_given_and_breaks_no_header() -> None:
    name = NAMES.validate_python("Zertifikat; Größe %41 供应商'.pdf")
    said = as_attachment(name)
    assert said.startswith("attachment; ")
    assert said.isascii()
    assert said.endswith("%E4%BE%9B%E5%BA%94%E5%95%86%27.pdf")
    assert 'filename="Zertifikat_ Gr__e _41 ___\'.pdf"' in said


def settings(**more: object) -> Settings:
    return Settings(database_url=SecretStr("postgresql:///none"), oidc_issuer="https://i.test", **more)  # type: ignore[arg-type]


async def test_what_is_put_is_there_as_it_was_and_goes_when_it_is_deleted(tmp_path: Path) -> None:
    place = file_place(settings(files=(tmp_path / "ä b").as_uri()))
    content = bytes(range(256)) * 4096 * 12  # more than two parts of an upload to S3
    await place.put("sourcing/00/x", io.BytesIO(content))
    assert b"".join([piece async for piece in await place.get("sourcing/00/x")]) == content
    assert (tmp_path / "ä b" / "sourcing" / "00" / "x").stat().st_size == len(content)
    await place.delete("sourcing/00/x")
    await place.delete("sourcing/00/x")
    with pytest.raises(GoneError):
        await place.get("sourcing/00/x")


async def test_a_place_that_lets_nobody_in_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder would be")
    with pytest.raises((UnavailableError, OSError)):
        await file_place(settings(files=(tmp_path / "taken").as_uri())).put("sourcing/x", io.BytesIO(b"x"))


@pytest.mark.parametrize(
    "wrong",
    [{"files": "/var/files"}, {"files": "ftp://x/y"}, {"files": "s3://"}, {"files_access_key_id": "x"}],
)
def test_a_place_that_is_none_is_refused_at_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)
