"""What two readers could understand differently is refused."""

import pytest

from contracts.strict_json import MAX_DEPTH, MalformedJson, parse


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{}x",
        b"{} {}",
        b"\xef\xbb\xbf{}",
        b"\xff",
        b'{"a": "\xc3"}',
        b'"\xed\xa0\x80"',
        '{"a": 1}'.encode("utf-16"),
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": 1, "b": 2}}',
        b'[{"a": 1, "\\u0061": 2}]',
        b"NaN",
        b"[Infinity]",
        b'{"a": -Infinity}',
        b'"\\ud800"',
        b'{"a": "x\\uDFFFy"}',
        b'{"\\ud800": 1}',
        b'"\\udc00\\ud800"',
        b"9007199254740992",
        b"-9007199254740992",
        b"1" * 5_000,
        b"01",
        b"+1",
        b".5",
        b"'a'",
        b"[1,]",
        b"// no\n1",
        b'"\x00"',
        b'"\n"',
        b"[" * 20_000,
        b"[" * 20_000 + b"]" * 20_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
    ],
)
def test_malformed_json_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson):
        parse(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"9007199254740991", 9007199254740991),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'{"a": [1, "1", true, null]}', {"a": [1, "1", True, None]}),
        (b'[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        ('"社会工作者"'.encode(), "社会工作者"),
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, None),
        (b"[" + b"{}," * 500 + b"{}]", [{}] * 501),
    ],
)
def test_json_that_every_reader_understands_alike_is_taken(body: bytes, value: object) -> None:
    assert parse(body) == value or value is None


def test_the_refusal_says_where() -> None:
    with pytest.raises(MalformedJson, match="line 2, column 3"):
        parse(b'{"a": 1,\n  b}')
    with pytest.raises(MalformedJson, match=r"member 'amount' is given twice"):
        parse(b'{"amount": "1", "amount": "2"}')
