"""The European Central Bank's history, read as it is published and recorded once."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from purveyor_cli.commands.rates import send_rates
from purveyor_cli.ecb import NotRatesError, PublishedRate, read_rates
from purveyor_cli.main import app
from purveyor_contract.roles import Role

from .conftest import Running

HISTORY = """Date,USD,JPY,CYP,ISK,
2026-03-02,1.0842,162.35,N/A,N/A,
2026-02-27,1.0835,162.1,N/A,,
1999-01-04,1.1789,133.73,0.58231,81.48,
"""


def published(folder: Path, text: str = HISTORY) -> Path:
    file = folder / "eurofxref-hist.csv"
    file.write_text(text)
    return file


def test_days_and_currencies_without_a_rate_are_left_out(tmp_path: Path) -> None:
    found = list(read_rates(published(tmp_path)))
    assert [(str(one.day), one.currency, one.rate) for one in found] == [
        ("2026-03-02", "USD", "1.0842"),
        ("2026-03-02", "JPY", "162.35"),
        ("2026-02-27", "USD", "1.0835"),
        ("2026-02-27", "JPY", "162.1"),
        ("1999-01-04", "USD", "1.1789"),
        ("1999-01-04", "JPY", "133.73"),
        ("1999-01-04", "CYP", "0.58231"),
        ("1999-01-04", "ISK", "81.48"),
    ]
    since = list(read_rates(published(tmp_path), date(2026, 3, 2)))
    assert since == [PublishedRate(date(2026, 3, 2), c, r) for c, r in (("USD", "1.0842"), ("JPY", "162.35"))]


def test_the_zip_that_the_bank_publishes_is_read_as_its_file(tmp_path: Path) -> None:
    zipped = tmp_path / "eurofxref-hist.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", HISTORY)
    assert list(read_rates(zipped)) == list(read_rates(published(tmp_path)))
    with zipfile.ZipFile(zipped, "a") as archive:
        archive.writestr("other.csv", HISTORY)
    with pytest.raises(NotRatesError, match="holds 2 CSV files"):
        list(read_rates(zipped))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the first line is to begin with Date"),
        ("Day,USD\n", "the first line is to begin with Date"),
        ("Date,USD\nyesterday,1.2\n", "line 2: 'yesterday' is no day"),
        ("Date,USD\n2026-03-02,1.2,3\n", "line 2: 3 fields where the first line has 2"),
    ],
)
def test_what_is_no_such_file_is_said_to_be_none(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(NotRatesError, match=says):
        list(read_rates(published(tmp_path, text)))
    result = CliRunner().invoke(
        app, ["rates", "import", str(published(tmp_path, text)), "--data-dir", "/none"]
    )
    assert (result.exit_code, result.stderr.startswith("error: No stack runs")) == (1, True)


async def test_a_history_is_recorded_once_and_what_is_no_rate_is_refused(
    running: Running, tmp_path: Path
) -> None:
    token = running.token(Role.ACCOUNTS_PAYABLE)
    file = published(tmp_path)
    for status in ("created", "unchanged"):
        counts, refusals = await send_rates(running.stack.urls, token, read_rates(file))
        assert (counts, refusals) == ({status: 8}, [])
    wrong = published(tmp_path, "Date,USD,QQQ\n2026-03-02,1.5,7\n")
    counts, refusals = await send_rates(running.stack.urls, token, read_rates(wrong))
    assert counts == {"refused": 2}
    assert [why.partition(":")[0] for why in refusals] == ["USD of 2026-03-02", "QQQ of 2026-03-02"]
