"""CSV records: whatever quotes are wrong, a line is in a record or refused by number, in bounded time."""

from hypothesis import given
from hypothesis import strategies as st

from purveyor import records
from purveyor.records import Record, Records


def read(*lines: str, width: int | None = 3, longest: int = 1000, strict: bool = False) -> list[Record]:
    reader = Records(longest=longest, strict=strict)
    reader.width = width
    found = [record for number, line in enumerate(lines, 1) for record in reader.take(number, line)]
    return found + reader.end()


def lines_of(found: list[Record]) -> list[int]:
    return [record.line for record in found if record.fields is not None]


def test_a_quoted_field_may_hold_line_breaks() -> None:
    (record,) = read('a,"b', 'still b",c')
    assert (record.line, record.fields) == (1, ["a", "b\nstill b", "c"])


def test_a_quote_that_is_not_closed_costs_its_line() -> None:
    found = read("a,b,c", 'd,"e,f', "g,h,i", "j,k,l")
    assert lines_of(found) == [1, 3, 4]
    assert [(record.line, record.problem) for record in found if record.fields is None] == [
        (2, "a quoted field is never closed: not before the end of the file")
    ]


def test_a_quote_that_closes_two_rows_later_costs_its_line_though_the_width_is_right() -> None:
    found = read('a,"b,c', "d,e,f", 'g,h",i', "j,k,l")
    assert lines_of(found) == [2, 3, 4]
    (refused,) = [record for record in found if record.fields is None]
    assert (refused.line, refused.problem) == (
        1,
        "a quote that is opened here is closed in line 3, and rows seem to lie between them",
    )
    assert lines_of(read('a,"b,c', 'g,h",i', "j,k,l")) == [2, 3]
    assert lines_of(read('a,b,"c', "d,e,f", 'g,"h",i')) == [2, 3]


def test_a_line_that_cannot_be_read_ends_the_record_before_it() -> None:
    reader = Records(longest=1000)
    assert reader.take(1, 'a,"b') == []
    assert reader.take(2, "c,d") == []
    assert [(r.line, r.fields is None) for r in reader.refuse(3, 9, "not UTF-8")] == [
        (1, True),
        (2, False),
        (3, True),
    ]


@given(st.lists(st.text('ab,"', max_size=8), max_size=30), st.sampled_from([None, 1, 2, 3]), st.booleans())
def test_every_line_is_in_a_record_or_refused(lines: list[str], width: int | None, strict: bool) -> None:
    found = read(*lines, width=width, longest=40, strict=strict)
    assert [record.line for record in found] == sorted({record.line for record in found})
    named = {record.line for record in found}
    within = 0
    for number, line in enumerate(lines, 1):
        if number in named:
            (record,) = [r for r in found if r.line == number]
            within = number + ("".join(record.fields).count("\n") if record.fields else 0)
        assert number in named or number <= within or not line, (number, found)


def test_lines_are_read_again_so_often_only(monkeypatch) -> None:
    looked_at = 0
    pattern = records.open_quote(",", '"')

    class Counted:
        def match(self, line: str) -> object:
            nonlocal looked_at
            looked_at += 1
            return pattern.match(line)

    monkeypatch.setattr(records, "open_quote", lambda *_: Counted())
    lines = ['a"b,"c'] * 20_000
    found = read(*lines, longest=10_000)
    assert [record.line for record in found] == list(range(1, 20_001))
    assert looked_at <= 2 * len(lines) + records.READ_AGAIN_FREELY
