"""Codes and figures put into words, and words into sentences, in both languages. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contracts.policies.language import Text
from services.core.words.catalogue import (
    CONDITIONS,
    EMPLOYER_TYPES,
    LACKS,
    LEVELS,
    NEEDS,
    ONE_WAY,
    REASONS,
    ROLES,
    STANDS,
    STATUSES,
    UNITS,
    VERDICTS,
    Words,
)


def in_words(words: Words, code: str) -> Text:
    """Return what a code is called; one without words is its own name."""
    zh, en = words.get(code, (code, code))
    return Text(zh=zh, en=en)


def verdict_in_words(determination: str, status: str) -> Text:
    """Return what the status of an answer is called."""
    return in_words({**STATUSES, **VERDICTS.get(determination, {})}, status)


def why(status: str, reason: str | None) -> Text | None:
    """Return a reason in words; None where it says no more than the status."""
    words = in_words(REASONS, reason) if reason else None
    return None if words is None or in_words(STATUSES, status).zh in words.zh else words


def any_in_words(words: Words, codes: Iterable[str]) -> Text:
    """Return codes in words, of which any would do."""
    return _listed((in_words(words, code) for code in codes), Text(zh="或", en=" or "))


def _listed(texts: Iterable[Text], between: Text) -> Text:
    """Return one or more texts as a list, `between` standing before the last."""
    *most, last = texts
    return Text(
        zh=between.zh.join(filter(None, ("、".join(text.zh for text in most), last.zh))),
        en=between.en.join(filter(None, (", ".join(text.en for text in most), last.en))),
    )


def employment_in_words(
    roles: Iterable[str] | None, employer_types: Iterable[str] | None, *, direct_service: bool, widened: bool
) -> Text:
    """Return what an employment has to be, in brackets; nothing where any would do."""
    asked = [any_in_words(words, codes) for words, codes in ((ROLES, roles), (EMPLOYER_TYPES, employer_types)) if codes]
    if direct_service:
        asked.append(Text(zh="直接从事社会服务", en="in direct service"))
    if widened:
        asked.append(Text(zh="或属本地标准扩大的单位类型", en="or for a type of employer that a local standard adds"))
    if not asked:
        return Text(zh="", en="")
    return Text(zh=f"（{'，'.join(one.zh for one in asked)}）", en=f" ({', '.join(one.en for one in asked)})")


def levels_in_words(levels: Sequence[str]) -> Text:
    """Return the certificate levels that would do, which are in order."""
    if len(levels) > 1 and [*levels] == [*LEVELS][-len(levels) :]:
        lowest = in_words(LEVELS, levels[0])
        return Text(zh=f"{lowest.zh}或以上", en=f"{lowest.en} or higher")
    return any_in_words(LEVELS, levels)


def stands_in_words(changed: Mapping[str, Any], unit: str | None) -> Text:
    """Return what fields of a result have become. `unit` is that of an amount."""
    parts = [_stand(name, value, unit) for name, value in changed.items()]
    return Text(zh="，".join(part.zh for part in parts), en=", ".join(part.en for part in parts))


def _stand(name: str, value: Any, unit: str | None) -> Text:
    field = in_words(STANDS, name)
    if name in LACKS:
        lacks = _listed(map(_condition, value), Text(zh="和", en=" and ")) if value else Text(zh="无", en="nothing")
        return Text(zh=f"{field.zh}变为{lacks.zh}", en=f"{lacks.en} {field.en}")
    if value is None:
        given = Text(zh="无", en="none")
    else:
        given = measured(value, unit) if name == "amount" and unit else in_words(LEVELS, str(value))
    return Text(zh=f"{field.zh}变为{given.zh}", en=f"{field.en} {given.en}")


def _condition(code: str) -> Text:
    """Return a condition that a result lists; a certificate is listed with its level."""
    kind, _, which = code.partition(":")
    words, level = in_words(CONDITIONS, kind), in_words(LEVELS, which)
    return Text(zh=f"{level.zh}{words.zh}", en=f"{level.en} {words.en}".strip())


def measured(figure: str, unit: str) -> Text:
    """Return a figure with its unit, of which English has a word for one and another for more or less."""
    words = in_words(UNITS, unit)
    return Text(zh=f"{figure}{words.zh}", en=f"{figure} {words.en.removesuffix('s') if figure == '1' else words.en}")


def entry(sentence: str, members: Mapping[str, Any], **words: Text) -> Mapping[str, Any]:
    """Return what would change an answer with its sentence; `words` say in words what a member says in code."""
    text = NEEDS[sentence]
    return {
        **members,
        "text": {
            "zh": text.zh.format_map({**members, **{name: word.zh for name, word in words.items()}}),
            "en": text.en.format_map({**members, **{name: word.en for name, word in words.items()}}),
        },
    }


def any_of(ways: str, need: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what would change an answer as one of several ways."""
    more, text = ONE_WAY[ways], need["text"]
    return {**need, "text": {"zh": text["zh"] + more.zh, "en": text["en"] + more.en}}


def as_member(text: Text) -> dict[str, str]:
    """Return a sentence as answers show it."""
    return {"zh": text.zh, "en": text.en}
