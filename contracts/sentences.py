"""Every mistake in words, and the sentence that its facts make of them (ADR-0033). Pure.

The words are in Chinese and English. A fact stands in braces; what stands in square brackets is said where all facts in
it are known. Codes of mistakes are published and never change; sentences may be reworded, but for those in English that
findings quote, which must read the same years later.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from contracts.languages import Lang
from contracts.mistakes import Fact, Mistakes, Names, Phrase, Quoted

Words: TypeAlias = Mapping[str, tuple[str, str]]

MISTAKES: Words = {
    # A value by itself.
    "missing": ("未填写[，应为{expected}]", "is missing[: it must be {expected}]"),
    "empty": ("为空", "is empty"),
    "given-twice": ("出现了两次", "is given twice"),
    "unknown-member": ("此处没有这个成员[，是否应为{meant}]", "is not a member here[: {meant} is]"),
    "named-by-the-path": ("此处不写这个成员：已由路径指明", "is not a member here: the path names it"),
    "wrong-kind": ("应为{expected}[，现为{found}]", "must be {expected}[, not {found}]"),
    "wrong-form": ("应为{expected}[，现为{found}]", "must be {expected}[, not {found}]"),
    "not-one-of": ("应为{expected}[，现为{found}]", "must be {expected}[, not {found}]"),
    "not-taken": ("不是此成员可用的值", "is not one of the values that this member takes"),
    "not-a-day": (
        "[{found}]不是有效的日期，日期写作YYYY-MM-DD",
        "[{found} ]is not a day of the calendar as YYYY-MM-DD",
    ),
    "not-a-uuid": ("[{found}]不是UUID", "[{found} ]is not a UUID"),
    "day-out-of-range": (
        "应为{first}至{last}之间的日期[，现为{found}]",
        "must be a date from {first} to {last}[, not {found}]",
    ),
    "too-few": (
        "至少应有{bound}{counted}[，现有{count}{counted}]",
        "must have {bound} or more {counted}[, and has {count}]",
    ),
    "too-many": (
        "至多可有{bound}{counted}[，现有{count}{counted}]",
        "must have {bound} or fewer {counted}[, and has {count}]",
    ),
    "too-small": ("不得小于{bound}[，现为{found}]", "must be {bound} or more[, not {found}]"),
    "too-large": ("不得大于{bound}[，现为{found}]", "must be {bound} or less[, not {found}]"),
    "unforeseen": ("此成员不接受这个值", "has a value that this member does not take"),
    # Several members of an event, or one and its day.
    "ends-before-it-begins": (
        "结束日期{last}早于开始日期{first}",
        "the last day {last} lies before the first day {first}",
    ),
    "begins-after-it-ends": ("晚于培训结束的日期{end}", "lies after the training's end, {end}"),
    "not-the-day-of-the-event": ("应与occurred_on相同，即{occurred_on}", "must equal occurred_on, {occurred_on}"),
    "place-without-local-scope": (
        "只有scope为local的证书才填写有效的地区",
        "only a certificate of local scope has a place in which it holds",
    ),
    "amounts-do-not-add-up": (
        "各次合计为{total}，与amount所写的{amount}不符",
        "the sessions add up to {total}, not to amount {amount}",
    ),
    "all-left-out": ("{names}至少要填一项", "needs at least one of {names}"),
    # An event as a whole.
    "not-an-event-type": (
        "此处没有{found}这种事件类型[，是否应为{meant}]：可用的类型见GET /v1/event-types",
        "{found} is not an event type here[, but {meant} is]: GET /v1/event-types lists them",
    ),
    "no-private-data-yet": ("尚不能保存个人信息：不要写private", "personal data cannot be kept yet: leave private out"),
    "number-of-a-person": (
        "含有身份证号或手机号，登记之后永远无法抹除",
        "holds an identity or mobile number, which can never be erased",
    ),
    # Corrections.
    "in-the-target": ("{member}：{what}", "{member}: {what}"),
    "no-event-has-the-member": ("任何事件都没有这个名称的成员", "no event has a member of this name"),
    "no-number-with-a-point": (
        "数额应写作文本；没有成员接受带小数点的数",
        "amounts are decimal strings; no member takes a number with a point",
    ),
    "no-such-number": ("没有成员接受绝对值大于{bound}的数", "no member takes a number beyond {bound}"),
    "no-such-text": (
        "文本应有1至{most}个字符，不含控制字符",
        "a text has 1 to {most} characters and no control characters",
    ),
    "moves-to-another-target": (
        "更正不能改变更正或作废所指的事件",
        "a correction cannot move a revision to another target",
    ),
    "links-to-another-id": (
        "更正不能改变所关联的编号：请作废该关联，另行登记",
        "a correction cannot link to another id: void the link, and record another",
    ),
    "of-a-later-release": (
        "该事件由更新的版本登记，只有该版本能核对对它的更正",
        "only the later release that recorded it can check its corrections",
    ),
    "patch-of-another-release": (
        "其更正按另一版本的结构写成",
        "its patch was written in the shapes of another release",
    ),
    # A body as a whole.
    "no-list-of-events": ("应为事件的列表", "must be a list of events"),
    "wrong-number-of-events": (
        "应有1至{most}个事件[，现有{count}个]",
        "must hold 1 to {most} events[, and holds {count}]",
    ),
    "has-routes-of-its-own": (
        "{stream}的事件只能由其专用的路径登记",
        "{stream} takes its events by routes of their own only",
    ),
    "wrong-encoding": ("第{byte}个字节（从0数起）不是UTF-8编码", "byte {byte} is not UTF-8"),
    "wrong-syntax": (
        "第{line}行第{column}列不符合JSON的写法[：{why}]",
        "is not JSON at line {line}, column {column}[: {why}]",
    ),
    "no-character": ("代理码元不能单独出现", "a lone surrogate is not a character"),
    "nested-too-deeply": ("嵌套超过{most}层", "nested deeper than {most} levels"),
    "member-given-twice": ("成员{member}出现了两次", "member {member} is given twice"),
    "no-such-word": ("{word}不是JSON的写法", "{word} is not JSON"),
    "integer-too-large": ("整数的绝对值超过2^53 - 1", "an integer lies beyond 2^53 - 1"),
    "not-a-body-of-events": (
        "正文不是写作{shape}、各方理解一致的JSON",
        "the body is not {shape} in JSON that every reader understands alike",
    ),
    # Parameters and headers.
    "unknown-parameter": (
        "此处没有这个参数[，是否应为{meant}]",
        "there is no such parameter here[: did you mean {meant}?]",
    ),
    "given-together": (
        "不能与{other}同时给出：写其中一个即可",
        "is given together with {other}: one of them is enough",
    ),
    "too-many-places": ("应为至多{most}个互不相同的地区", "must be at most {most} different places"),
    "level-of-an-exam": (
        "{exams}必须给出级别，其他事项不接受级别",
        "{exams} need a level, and no other determination takes one",
    ),
    "takes-no-year": ("只有{takers}可以给出考试年度", "only {takers} takes a year"),
    "takes-no-period": ("只有{takers}可以给出期间", "only {takers} take a period"),
    "wrong-period": ("用于{determination}时应为{expected}", "of {determination} must be {expected}"),
    "takes-no-language": ("只有{forms}可以选择语言", "only {forms} are written in a language"),
    "only-on-the-other-axis": ("只用于axis={axis}", "only axis={axis} takes it"),
    "after-the-end": ("晚于{end}", "lies after {end}"),
    "nothing-to-filter-by": ("{determination}没有可供筛选的结果", "{determination} has no field to filter by"),
    "no-such-result": ("含有任何结果都没有的字符", "holds a character that no result has"),
    "cursor-not-issued": ("不是本服务给出的游标", "was not issued by this service"),
    "cursor-of-others": (
        "属于另一台账或另一组筛选条件：请去掉cursor从头开始",
        "belongs to another ledger or other filters: start without a cursor",
    ),
}
"""What may be wrong at one place."""

PARTS: Words = {
    "comma": ("、", ", "),
    "or": ("或", " or "),
    "and": ("和", " and "),
    "either": ("{one}或{other}", "{one} or {other}"),
    "one-of": ("{names}之一", "one of {names}"),
    "any-of": ("{names}中的若干个，以逗号分隔", "any of {names}, separated by commas"),
    "several": ("共有{count}处错误，第一处在{place}：{what}", "{count} mistakes, the first at {place}: {what}"),
    "whole-body": ("整个正文", "the whole body"),
    # Kinds of JSON values.
    "list": ("列表", "a list"),
    "null": ("null", "null"),
    "number-with-a-point": ("带小数点的数", "a number with a point"),
    "object": ("对象", "an object"),
    "text": ("文本", "a text"),
    "true-or-false": ("true或false", "true or false"),
    "whole-number": ("整数", "a whole number"),
    "entries": ("项", "entries"),
    "members": ("个成员", "members"),
    "characters": ("个字符", "characters"),
    # Forms of texts.
    "amount": (
        "写作文本的十进制数，大于零，小数点前至多五位、后至多两位",
        "a decimal string above zero, up to five digits before the point and two after it",
    ),
    "code-of-a-vocabulary": (
        "由a-z和_组成的代码，以字母开头，至多64个字符",
        "a code of a-z and _ that begins with a letter, up to 64 characters",
    ),
    "day": ("写作YYYY-MM-DD的日期", "a day as YYYY-MM-DD"),
    "digest": ("摘要：sha256:加64个0-9、a-f的字符", "a digest: sha256: and 64 of 0-9 a-f"),
    "entity-tags": (
        "*，或以逗号分隔、带引号的实体标签，例如{example}",
        "* or entity tags in quotes, such as {example}, with commas between them",
    ),
    "event-with-its-person": ("带有practitioner_id的事件", "an event with its practitioner_id"),
    "id": (
        "编号：以字母或数字开头，其后至多63个A-Z a-z 0-9 . _ -",
        "an id: a letter or digit, then up to 63 of A-Z a-z 0-9 . _ -",
    ),
    "instant": (
        "符合RFC 3339、带时区偏移的时刻（+写作%2B）",
        "an instant of RFC 3339 with its offset (write + as %2B)",
    ),
    "ledger-name": ("台账名称：{pattern}", "a ledger name: {pattern}"),
    "plain-text": (
        "不含控制字符和双向控制字符的文本",
        "a text without control or bidirectional control characters",
    ),
    "place-code": ("GB/T 2260的六位代码", "a six-digit code of GB/T 2260"),
    "place-codes": ("GB/T 2260的六位代码，以逗号分隔", "six-digit codes of GB/T 2260, separated by commas"),
    "position": ("位置：以0-9写成的整数", "a position: a whole number in ASCII digits"),
    "practitioner-id": ("人员编号：{pattern}", "a practitioner id: {pattern}"),
    "score": (
        "写作文本的十进制数，0至100，小数点后至多两位",
        "a decimal string from 0 to 100 with up to two digits after the point",
    ),
    "span-of-days": ("{first}至{last}之间的日期", "a date from {first} to {last}"),
    "stream-id": ("人员编号、{others}", "a practitioner id, {others}"),
    "uuid": ("UUID", "a UUID"),
    "uuid-in-groups": (
        "由32个十六进制数字分成五组写成的UUID",
        "a UUID of 32 hexadecimal digits in five groups",
    ),
    "whole-number-in-digits": ("以0-9写成的整数", "a whole number in ASCII digits"),
    "year": ("{first}至{last}之间的年份", "a year from {first} to {last}"),
    "year-or-day": ("{first}年至{last}年之间的年份或日期", "a year or a day, from {first} to {last}"),
    "first-day-of-a-term": (
        "一次登记有效期的第一天，在{first}至{last}之间",
        "the first day of a registration term, from {first} to {last}",
    ),
    # Why a text is not JSON.
    "colon-expected": ("此处应为冒号", "a colon must stand there"),
    "comma-expected": ("此处应为逗号", "a comma must stand there"),
    "name-expected": ("此处应为双引号中的名称", "a name in double quotes must stand there"),
    "value-expected": ("此处应为一个值", "a value must stand there"),
    "trailing-comma": ("最后一项之后有逗号", "a comma follows the last entry"),
    "more-than-one-value": ("值之后还有内容", "more follows the value"),
    "text-without-end": ("文本没有结束", "a text has no end"),
    "control-character": ("文本中有控制字符", "a text holds a control character"),
    "wrong-escape": ("文本中的转义写法不对", "a text holds an escape that is none"),
    # Facts of problems that are no mistakes of members.
    "recorded-here": ("在第{position}条记录中，内容不同", "at position {position} with other content"),
    "recorded-elsewhere": ("属于另一人员", "for another practitioner"),
    "not-http": ("收到的内容不是HTTP/1.1的请求", "What came cannot be read as a request of HTTP/1.1"),
    "for-proxies": ("CONNECT只用于代理", "CONNECT is for proxies"),
    "not-chunked": (
        "Transfer-Encoding只能是chunked",
        "Transfer-Encoding may be chunked, and nothing else",
    ),
    "target-not-a-url": ("请求的目标不是URL", "The target of the request is not a URL"),
    "target-not-of-http": (
        "绝对的目标应以http://开头，有主机而无用户",
        "An absolute target is http:// with a host and without a user",
    ),
}
"""What sentences are made of, and what problems say of themselves."""

SENTENCES: Words = {**MISTAKES, **PARTS}

_optional = re.compile(r"\[([^\]]*)\]")
_fact = re.compile(r"\{(\w+)\}")


def in_words(what: Phrase, lang: Lang) -> str:
    """Return a phrase in one language."""
    sentence = _sentence(what.code, tuple(what.facts), lang)
    return sentence.format_map({name: said(fact, lang) for name, fact in what.facts.items()})


@cache
def _sentence(code: str, known: tuple[str, ...], lang: Lang) -> str:
    """Return the sentence of a code without what is not said where no more than some facts are known."""
    sentence = _of(lang, *SENTENCES[code])
    return _optional.sub(lambda part: part[1] if {*_fact.findall(part[1])} <= {*known} else "", sentence)


def in_one_sentence(mistakes: Mistakes, lang: Lang) -> str:
    """Return what is wrong first, and of how many."""
    first = mistakes.first
    if mistakes.count == 1:
        return in_words(first.what, lang)
    place = first.pointer or Phrase("whole-body")
    return in_words(Phrase("several", {"count": mistakes.count, "place": place, "what": first.what}), lang)


def said(fact: Fact, lang: Lang) -> str:
    """Return a fact in one language."""
    match fact:
        case Phrase():
            return in_words(fact, lang)
        case Names(names, between):
            comma = in_words(Phrase("comma"), lang)
            return in_words(Phrase(between), lang).join(filter(None, (comma.join(names[:-1]), names[-1])))
        case Quoted(text):
            quoted = repr(text)
            return _of(lang, f"“{quoted[1:-1]}”", quoted)
    return str(fact)


def _of(lang: Lang, zh: str, en: str) -> str:
    return zh if lang == "zh" else en
