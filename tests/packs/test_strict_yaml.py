"""YAML that could be read in more than one way is refused with its line."""

import pytest

from contracts.strict_yaml import StrictYamlError, read_strictly


def nested_aliases(wide: int) -> str:
    """Return a few lines that stand for billions of values."""
    depth = 7 if wide == 10 else 30
    begun = f"a0: &a0 [{', '.join(['x'] * wide)}]\n"
    return begun + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * wide)}]\n" for n in range(1, depth))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: [on]\n", "line 2: b[0]: 'on' may be a word or a boolean"),
        ("a: No\n", "line 1: a: 'No' may be a word or a boolean"),
        ("a: True\n", "line 1: a: 'True' may be read otherwise"),
        ("a: 1:30\n", "line 1: a: '1:30' may be read otherwise"),
        ("a: 1_000\n", "line 1: a: '1_000' may be read otherwise"),
        ("a: 59.5\n", "line 1: a: '59.5' may be read otherwise"),
        ("a: 2022-03-01 10:00:00\n", "line 1: a: '2022-03-01 10:00:00' is not a day"),
        ("a:\nb: 1\n", "line 1: a: is empty"),
        ("a: ~\n", "line 1: a: is empty"),
        ("1: one\n", "line 1: the file: has a key that is not a word"),
        ("a: {b: 1, b: 2}\n", "line 1: a: 'b' is given twice"),
        ("a: !!python/name:os.system x\n", "line 1: a: 'x' may be read otherwise"),
        ("a: !\n", "line 1: a: '' may be read otherwise"),
        ("a:\n- b: 1\n\ufeff c: 2\n", "line 3: a tab or an invisible character"),
        ("a: &x [*x]\n", "is nested too deeply"),
        pytest.param("[" * 42, "line 1, column 41: is nested too deeply", id="41 levels below the first"),
        pytest.param("- " * 100_000, "is nested too deeply", id="more levels than a stack holds"),
        pytest.param(
            nested_aliases(wide=10),
            "with its aliases expanded, adds more than 100,000",
            id="ten aliases of ten aliases, seven times over",
        ),
        pytest.param(nested_aliases(wide=2), "adds more than 100,000", id="two of two, 30 times"),
        pytest.param(
            "a: &a " + "x" * 10_000 + "\nb: [" + "*a, " * 200 + "]\n",
            "b[10]: with its aliases expanded",
            id="a long word often",
        ),
        ("a: 1234567890123456789\n", "a: '1234567890123456789' has more than 18 digits"),
        pytest.param("a: " + "9" * 5_000, "has more than 18 digits", id="more digits than Python reads"),
        ("a: [1\n", "line 2"),
        ("a: 1\n---\nb: 2\n", "line 2"),
        ("", "the file is empty"),
    ],
)
def test_what_yaml_would_guess_is_refused(text: str, message: str) -> None:
    with pytest.raises(StrictYamlError) as caught:
        read_strictly(text, "some.yaml")
    assert str(caught.value).startswith("some.yaml, line ")
    assert message in str(caught.value)


def test_a_byte_order_mark_may_begin_a_file() -> None:
    assert read_strictly("\ufeffa: 1\n", "some.yaml").value == {"a": 1}


def test_words_stay_words_days_stay_days_and_only_null_is_null() -> None:
    text = 'on: 2022-03-01\nno: "yes"\nfine: true\nnothing: null\nlevel: 11\n'
    read = read_strictly(text, "some.yaml")
    assert read.value == {"on": "2022-03-01", "no": "yes", "fine": True, "nothing": None, "level": 11}
    assert read.line_of(("fine",)) == 3
    assert read.line_of(("nothing", "inside", 4)) == 4
