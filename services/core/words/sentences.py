"""Codes and figures in words, and words in sentences, in both languages. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from contracts import languages
from contracts.events.values import CertificateLevel, Day, MoneyUnit, TrainingUnit
from contracts.policies.language import Text
from services.core.rules.needs import EmploymentNeed
from services.core.rules.verdict import NotCounted, Reason, Status
from services.core.words.catalogue import LEVELS, REASONS, STATUSES, VERDICTS, Code, Words
from services.core.words.vocabularies import EMPLOYER_TYPES, ROLES, UNITS

Lang: TypeAlias = languages.Lang

OR = Text(zh="或", en=" or ")
NONE = Text(zh="无", en="none")


def in_lang(text: Text, lang: Lang) -> str:
    """Return a text in one of its languages."""
    return text.zh if lang == "zh" else text.en


def as_member(text: Text) -> dict[str, str]:
    """Return a text as a member of an answer."""
    return {"zh": text.zh, "en": text.en}


def in_words(words: Words[Code], code: Code) -> Text:
    """Return the words for a code of the ledger's own vocabularies."""
    zh, en = words[code]
    return Text(zh=zh, en=en)


def as_written(words: Words[Any], code: str) -> Text:
    """Return the words for a code of an event or a pack; if no vocabulary has it any more, the code itself."""
    zh, en = words.get(code, (code, code))
    return Text(zh=zh, en=en)


def as_declared(words: Mapping[str, Text], code: str) -> Text:
    """Return the words that packs have for a code; the code itself if none declares it."""
    return words.get(code, Text(zh=code, en=code))


def filled(sentence: Text, members: Mapping[str, Any], words: Mapping[str, Text]) -> Text:
    """Return a sentence with its members filled in, and those in `words` by their words."""
    return Text(
        zh=sentence.zh.format_map({**members, **{name: word.zh for name, word in words.items()}}),
        en=sentence.en.format_map({**members, **{name: word.en for name, word in words.items()}}),
    )


def verdict_in_words(determination: str, status: Status) -> Text:
    """Return the words for the status of an answer."""
    own = VERDICTS.get(determination, {})
    return in_words(own if status in own else STATUSES, status)


def why(status: Status, reason: Reason | None) -> Text | None:
    """Return a reason in words; None if it says no more than the status."""
    words = in_words(REASONS, reason) if reason else None
    return None if words is None or in_words(STATUSES, status).zh in words.zh else words


def any_in_words(words: Words[Any], codes: Iterable[str]) -> Text:
    """Return the words for codes of a pack, joined by "or"."""
    return listed((as_written(words, code) for code in codes), OR)


def listed(texts: Iterable[Text], between: Text) -> Text:
    """Return texts as a list, with `between` before the last; a word for none if there are none."""
    *most, last = [*texts] or [NONE]
    return Text(
        zh=between.zh.join(filter(None, ("、".join(text.zh for text in most), last.zh))),
        en=between.en.join(filter(None, (", ".join(text.en for text in most), last.en))),
    )


def employment_in_words(employed: EmploymentNeed) -> Text:
    """Return the requirements on an employment, in brackets; empty if any employment will do."""
    requirements = [any_in_words(ROLES, employed.roles)] if employed.roles else []
    if employed.employer_types:
        requirements.append(any_in_words(EMPLOYER_TYPES, employed.employer_types))
    if employed.direct_service:
        requirements.append(Text(zh="直接从事社会服务", en="in direct service"))
    if employed.widened:
        requirements.append(
            Text(zh="或属本地标准扩大的单位类型", en="or for a type of employer that a local standard adds")
        )
    if not requirements:
        return Text(zh="", en="")
    return Text(
        zh=f"（{'，'.join(requirement.zh for requirement in requirements)}）",
        en=f" ({', '.join(requirement.en for requirement in requirements)})",
    )


def levels_in_words(levels: Sequence[CertificateLevel]) -> Text:
    """Return the accepted certificate levels, which are in ascending order."""
    if len(levels) > 1 and [*levels] == [*LEVELS][-len(levels) :]:
        lowest = as_written(LEVELS, levels[0])
        return Text(zh=f"{lowest.zh}或以上", en=f"{lowest.en} or higher")
    return any_in_words(LEVELS, levels)


def measured(figure: str, unit: TrainingUnit | MoneyUnit) -> Text:
    """Return a figure with its unit, in English in the singular or plural."""
    words = as_written(UNITS, unit)
    return Text(zh=f"{figure}{words.zh}", en=f"{figure} {words.en.removesuffix('s') if figure == '1' else words.en}")


def length(years: int, months: int) -> Text:
    """Return a length of time in whole years and months."""
    return Text(
        zh=f"{years}年{months}个月",
        en=f"{years} year{'s' * (years != 1)} and {months} month{'s' * (months != 1)}",
    )


def training_in_words(first: Day, last: Day, recorded: Text, counted: Text, not_counted: NotCounted | None) -> Text:
    """Return the days of a training, its hours as recorded, and how many of them count, or why none do."""
    span = Text(zh=f"{first}", en=f"{first}") if first == last else Text(zh=f"{first}至{last}", en=f"{first} to {last}")
    if not_counted:
        because = in_words(REASONS, not_counted)
        return Text(
            zh=f"{span.zh}：{recorded.zh}，不计入（{because.zh}）",
            en=f"{span.en}: {recorded.en}, not counted ({because.en})",
        )
    return Text(zh=f"{span.zh}：{recorded.zh}，计入{counted.zh}", en=f"{span.en}: {recorded.en}, counted: {counted.en}")


def degree_in_words(day: Day, counted: Text) -> Text:
    """Return a degree that counts as training (N-11)."""
    return Text(
        zh=f"{day}：社会工作专业学历学位，计入{counted.zh}",
        en=f"{day}: a social work degree, counted: {counted.en}",
    )
