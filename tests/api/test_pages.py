"""The page of a standing: plain sentences in two languages, as HTML and as text, without anything from elsewhere."""

import itertools
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any, get_args
from urllib.parse import urljoin
from uuid import uuid4

import httpx
import pytest

from services.core.questions.standing import STANDING as STANDING_QUESTIONS
from services.core.rules.verdict import UNJUDGED
from services.core.words.catalogue import DETERMINATION_NAMES, FIELDS
from services.core.words.labels import label
from services.core.words.sentences import Lang, in_lang, in_words, verdict_in_words
from tests.api.client import append
from tests.explaining import nodes
from tests.lives import Life, someone, worker

LEDGER = "/v1/ledgers/chengdu"
PERSON = f"{LEDGER}/practitioners/P-1"
STANDING = f"{PERSON}/standing"
PLATFORM = "<b>平台</b>\"&'"
DAY = "2025-05-10"
LIFE = (
    worker("510107")
    .certified("2021-10-17")
    .registered("2022-05-10", "2025-05-09")
    .trained("2023-03-10", "20.5", "hour", course="<i>课</i>")
    .trained("2023-04-10", "8", "hour", subjects=["political"])
    .served("2024-12-10", platform=PLATFORM)
    .voided(uuid4(), on="2025-01-01", because="误录")
)
NEXT = len(LIFE) + 1
NEXT_CHANGE = label("next_change", "en")


def moving(on: str) -> Life:
    """Return what follows: a job in Zhengzhou."""
    return someone.employed(on, "410105", role="full_time_community_worker", called=NEXT)


@pytest.fixture
async def told(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service that knows P-1's career."""
    await client.put(LEDGER, json={"jurisdiction": "510100", "title": "成都"})
    await append(client, LIFE)
    return client


async def page(client: httpx.AsyncClient, media_type: str = "text/html", **query: str) -> httpx.Response:
    answer = await client.get(STANDING, params={"as_of": DAY, **query}, headers={"Accept": media_type})
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    return answer


class Outline(HTMLParser):
    """The elements of a page. Raises AssertionError if an element is closed that was not the last one opened."""

    VOID = frozenset({"meta", "br", "img", "link"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return "".join(self.texts)


async def test_without_a_wish_the_standing_stays_json(told: httpx.AsyncClient) -> None:
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json, text/html;q=0.9"}):
        answer = await told.get(STANDING, params={"as_of": DAY}, headers=headers)
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert (await told.get(STANDING, headers=browser)).headers["content-type"].startswith("text/html")


async def test_another_media_type_is_not_acceptable(told: httpx.AsyncClient) -> None:
    answer = await told.get(STANDING, headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")


async def test_a_language_is_one_of_two_and_for_pages_alone(told: httpx.AsyncClient) -> None:
    assert (await told.get(STANDING, params={"lang": "en"})).status_code == 400
    french = await told.get(STANDING, params={"lang": "fr"}, headers={"Accept": "text/html"})
    assert french.status_code == 400
    assert "?lang" in french.text


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
async def test_a_page_has_its_language_one_heading_and_tables_with_headers(
    told: httpx.AsyncClient, lang: str, tag: str
) -> None:
    answer = await page(told, lang=lang)
    outline = Outline(answer.text)
    assert answer.headers["content-language"] == tag
    assert outline.named("html") == [{"lang": tag}]
    assert len(outline.named("h1")) == 1
    assert len(outline.named("table")) == len(outline.named("thead")) > 3
    assert {attributes["scope"] for attributes in outline.named("th")} == {"col", "row"}
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [str(attributes["href"]) for attributes in outline.named("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


async def test_chinese_is_the_default_and_each_page_leads_to_the_other(told: httpx.AsyncClient) -> None:
    chinese = await page(told, known_at_position="6")
    assert label("title", "zh") in chinese.text
    (link,) = [link for link in Outline(chinese.text).named("a") if link.get("class") == "language"]
    assert link["href"] == f"?as_of={DAY}&known_at_position=6&lang=en"
    english = await told.get(f"{STANDING}{link['href']}", headers={"Accept": "text/html"})
    assert label("title", "en") in english.text


async def test_a_page_takes_nothing_from_anywhere_and_runs_nothing(told: httpx.AsyncClient) -> None:
    answer = await page(told)
    outline = Outline(answer.text)
    assert {tag for tag, _ in outline.elements}.isdisjoint({"script", "img", "link", "iframe", "object", "form"})
    assert "://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    style = re.search(r"<style>(.*)</style>", answer.text, re.DOTALL)
    assert style
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{b64encode(sha256(style[1].encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    inline = [attributes for _, attributes in outline.elements if {"style", "onclick", "onload"} & attributes.keys()]
    assert inline == []


async def test_what_people_wrote_is_shown_and_never_read_as_markup(told: httpx.AsyncClient) -> None:
    answer = await page(told)
    assert PLATFORM not in answer.text
    assert PLATFORM in Outline(answer.text).text
    assert {"b", "i"}.isdisjoint({tag for tag, _ in Outline(answer.text).elements})
    assert PLATFORM in (await page(told, "text/plain")).text


def verdicts(document: dict[str, Any], number: int) -> Iterator[tuple[str, str]]:
    for name, one in document["determinations"].items():
        verdict = verdict_in_words(name, one["status"])
        yield DETERMINATION_NAMES[name][number], (verdict.zh, verdict.en)[number]


@pytest.mark.parametrize(("lang", "number"), [("zh", 0), ("en", 1)])
async def test_a_page_says_of_every_determination_what_the_json_says(
    told: httpx.AsyncClient, lang: Lang, number: int
) -> None:
    document = (await told.get(STANDING, params={"as_of": DAY})).json()
    text = (await page(told, "text/plain", lang=lang)).text
    for title, verdict in verdicts(document, number):
        told_why = rf"({label('colon', lang)}.*)?"
        assert re.search(
            rf"^\[.\] {re.escape(title)}{label('colon', lang)}{re.escape(verdict)}{told_why}$", text, re.MULTILINE
        ), title
    shown = Outline((await page(told, lang=lang)).text).text
    assert all(title in shown for title, _ in verdicts(document, number))


async def test_a_page_says_who_where_when_and_as_known_when(told: httpx.AsyncClient) -> None:
    text = (await page(told, "text/plain", lang="en")).text
    assert "Practitioner: P-1" in text
    assert "Place whose rules are applied: Chengdu (510107)" in text
    assert f"As of the end of: {DAY}" in text
    assert re.search(r"Records used: up to record 7 \(20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\+08:00\)", text)


async def test_a_page_says_why_by_which_facts_what_would_change_it_and_until_when(told: httpx.AsyncClient) -> None:
    text = (await page(told, "text/plain", lang="en")).text
    allowance = section_of(text, "allowance")
    assert "[✗] not eligible: the term of the registration is over" in allowance
    assert "CD-25" in allowance
    assert "2022-05-10 Registered from 2022-05-10, granted until 2025-05-09 #3" in allowance
    assert (
        "- the registration was valid through 2025-05-09 and can no longer be renewed; the registrar must say"
        in allowance
    )
    assert "- the rule ends 2027-02-28" in allowance
    assert "Holds until: 2027-02-28, that day included" in allowance
    assert "R-12 a registration is valid through its printed last day" in allowance
    hours = section_of(text, "continuing_education.registration_term")
    assert "[✓] 2023-03-10: 20.5 hours, counted: 20.5 hours #4" in hours
    assert "[✗] 2023-04-10: 8 hours, not counted (not a professional subject) #5" in hours


async def test_the_next_change_is_that_of_the_first_answers_to_change_and_names_them_but_not_months_of_service(
    told: httpx.AsyncClient,
) -> None:
    for as_of in ("2022-02-27", "2024-01-10", "2025-05-09", DAY, "2026-12-31"):
        text = (await page(told, "text/plain", lang="en", as_of=as_of)).text
        turns: dict[str, list[str]] = {}
        for name in set(STANDING_QUESTIONS) - {"professional_years"}:
            answer = (await told.get(f"{PERSON}/determinations/{name}", params={"as_of": as_of})).json()
            if answer["clauses"]:
                turns.setdefault(answer["next_change_on"] or "never", []).append(DETERMINATION_NAMES[name][1])
        first = min(turns)
        (change,) = re.findall(rf"^{re.escape(NEXT_CHANGE)}: (.*?): (.*)$", text, re.MULTILINE)
        assert change[0] == first
        assert set(change[1].split(", ")) == set(turns[first])
        standing = (await told.get(STANDING, params={"as_of": as_of})).json()
        assert standing["next_change_on"] <= first, "months of service pass sooner"


async def test_a_move_is_told_as_the_next_change_and_not_every_answer_that_moves_with_it(
    told: httpx.AsyncClient,
) -> None:
    await append(told, moving("2025-06-01"))
    text = (await page(told, "text/plain", lang="en")).text
    assert f"{NEXT_CHANGE}: 2025-06-01: the place, and with it the rules\n" in text


async def test_whatever_else_is_on_record_by_the_day_is_listed_apart_from_the_records_cited(
    told: httpx.AsyncClient,
) -> None:
    more = (
        someone.allowance_decided("2025-03-01", "2025年2月", called="decided")
        .sanction_imposed("2025-03-02", called="mistaken")
        .voided("mistaken", on="2025-03-03", because="误录", called="undone")
        .honor_recorded("2025-06-01", called="to come")
    )
    await append(told, more)
    text = (await page(told, "text/plain", lang="en")).text
    listed = text.partition(f"== {label('also_recorded', 'en')} ==\n")[2].partition("\n\n")[0]
    assert listed.splitlines() == [
        "#8 2025-03-01 Allowance decided: 2025年2月, junior, amount 200",
        "#9 2025-03-02 Sanction: 警告 (voided)",
        "#10 2025-03-03 Void of #9: 误录",
    ]
    cited = text.partition(f"== {label('facts', 'en')} ==")[2].partition("==")[0]
    assert "#8" not in cited


async def test_a_correction_says_what_it_corrects_and_each_member_as_it_was_and_as_it_is(
    told: httpx.AsyncClient,
) -> None:
    more = (
        someone.registered("2025-04-01", is_first=False, called="granted")
        .corrected("granted", valid_until="2028-04-30", on="2025-04-02", because="漏录", called="dated")
        .corrected("granted", valid_until="2028-03-31", on="2025-04-03", because="误录", called="again")
    )
    await append(told, more)
    english = (await page(told, "text/plain", lang="en")).text
    assert "Correction of #8: last day as granted nothing → 2028-04-30 (漏录)" in english
    assert "Correction of #8: last day as granted 2028-04-30 → 2028-03-31 (误录)" in english
    assert "更正#8：所定末日 2028-04-30 → 2028-03-31（误录）" in (await page(told, "text/plain")).text


def section_of(text: str, determination: str, lang: Lang = "en") -> str:
    title = DETERMINATION_NAMES[determination][lang == "en"]
    return text.partition(f"== {title} ==")[2].partition("\n== ")[0]


async def test_what_is_read_into_a_clause_stands_apart_from_its_words(told: httpx.AsyncClient) -> None:
    answer = (await told.get(f"{PERSON}/determinations/allowance", params={"as_of": DAY})).json()
    rule = answer["explanation"]
    read = [node for node in nodes(rule) if node["interpretation"]]
    assert len(read) > 1
    for lang, words in (("zh", "理解："), ("en", "Read as: ")):
        section = section_of((await page(told, "text/plain", lang=lang)).text, "allowance", lang)
        lines = [line.strip() for line in section.splitlines()]
        assert [line for line in lines if line.startswith(words)] == [
            words + node["interpretation"][lang] for node in read
        ]
        shown = Outline((await page(told, lang=lang)).text).text
        assert all(words + node["interpretation"][lang] in shown for node in read)


async def test_a_cancelled_registration_is_told_with_the_day_it_ended_and_the_day_it_was_granted_to(
    told: httpx.AsyncClient,
) -> None:
    await append(told, someone.registration_ended("2024-03-01", called=NEXT))
    text = (await page(told, "text/plain", lang="en", as_of="2024-06-01")).text
    lines = [line.strip() for line in section_of(text, "registration").splitlines()]
    assert "last valid day: 2024-02-29" in lines
    assert "2022-05-10 Registered from 2022-05-10, granted until 2025-05-09 #3" in lines
    assert any("granted until 2025-05-09, was cancelled on 2024-03-01" in line for line in lines)
    before = (await page(told, "text/plain", lang="en", as_of="2024-02-29")).text
    lines = [line.strip() for line in section_of(before, "registration").splitlines()]
    assert "last day of its term: 2025-05-09" in lines
    assert "Holds until: 2024-02-29, that day included" in lines


async def test_a_place_is_told_by_its_name_also_where_another_places_rules_are_asked(told: httpx.AsyncClient) -> None:
    for place in ("510107", "371500"):
        text = (await page(told, "text/plain", lang="en", jurisdiction=place)).text
        assert "Employed: urban community, full-time community worker, Chengdu (510107)" in text


async def test_a_page_of_the_persons_own_place_says_when_another_place_follows(told: httpx.AsyncClient) -> None:
    notice = "From 2025-09-01 the place is Zhengzhou (410105)"
    await append(told, moving("2025-09-01"))
    for media_type in ("text/html", "text/plain"):
        assert notice in (await page(told, media_type, lang="en")).text
        assert notice not in (await page(told, media_type, lang="en", jurisdiction="510107")).text
        assert notice not in (await page(told, media_type, lang="en", as_of="2025-09-01")).text


async def test_the_picture_says_by_the_rules_of_which_places_it_is_drawn(told: httpx.AsyncClient) -> None:
    await append(told, moving("2024-09-01"))
    own = Outline((await page(told, lang="en")).text).text
    assert "Place: Chengdu (510100); from 2021-01-01 Chengdu (510107); from 2024-09-01 Zhengzhou (410105)." in own
    asked = Outline((await page(told, lang="en", jurisdiction="410105")).text).text
    assert "Drawn under the rules of Zhengzhou (410105), from the records on file now." in asked


async def test_who_never_sat_the_senior_exam_is_told_that_nothing_is_on_record_and_no_failure(
    told: httpx.AsyncClient,
) -> None:
    section = section_of((await page(told, "text/plain", lang="en")).text, "certificate.senior_route")
    assert section.startswith("\n[–] the rule does not apply to this person: no pass proof\n")


def test_no_field_of_a_result_is_called_as_another_line_of_its_section() -> None:
    for lang in get_args(Lang):
        lines = [label(name, lang) for name in ("why", "rule", "read_as", "source", "changes", "holds", "readings")]
        fields = [in_lang(in_words(FIELDS, name), lang) for name in FIELDS]
        assert len({*lines, *fields}) == len(lines) + len(fields)


async def test_a_page_lists_records_that_need_attention(told: httpx.AsyncClient) -> None:
    text = (await page(told, "text/plain", lang="en")).text
    assert "#7 2025-01-01 Void: 误录: the record to be corrected or voided is not on record" in text


async def test_no_line_of_the_text_ends_in_a_blank(told: httpx.AsyncClient) -> None:
    for lang in ("zh", "en"):
        lines = (await page(told, "text/plain", lang=lang)).text.splitlines()
        assert [line for line in lines if line != line.rstrip()] == []


async def test_a_day_that_lies_ahead_is_told_as_such(told: httpx.AsyncClient) -> None:
    assert label("projected", "zh") in (await page(told, as_of="2199-01-01")).text
    assert label("projected", "zh") not in (await page(told)).text


async def test_the_same_question_gives_the_same_page(told: httpx.AsyncClient) -> None:
    first = await page(told, known_at_position="7")
    await append(told, someone.served("2025-05-01", called=NEXT))
    assert (await page(told, known_at_position="7")).content == first.content


async def test_a_question_with_a_clause_has_a_section_though_nothing_is_judged_and_one_without_has_a_line(
    told: httpx.AsyncClient,
) -> None:
    after_the_end = {"as_of": "2027-03-01"}
    document = (await told.get(STANDING, params=after_the_end)).json()
    unjudged = {name: one["clauses"] for name, one in document["determinations"].items() if one["status"] in UNJUDGED}
    with_clause = {name for name, clauses in unjudged.items() if clauses}
    assert {"allowance", "grade"} <= with_clause < set(unjudged)
    articles = {attributes["id"] for attributes in Outline((await page(told, **after_the_end)).text).named("article")}
    assert {name.replace(".", "-") for name in document["determinations"]} - articles == {
        name.replace(".", "-") for name in set(unjudged) - with_clause
    }


async def test_of_a_text_that_is_over_a_page_says_when_it_held_and_its_clause_but_holds_nothing_against_it(
    told: httpx.AsyncClient,
) -> None:
    allowance = section_of((await page(told, "text/plain", lang="en", as_of="2027-03-01")).text, "allowance")
    assert "[–] the rule is not in force: the text is not in force on the deciding day" in allowance
    assert "The rule: CD-25" in allowance
    assert "in force 2022-03-01 to 2027-02-28" in allowance
    assert "2027-02-28" in allowance.partition("What would change it")[2]
    assert label("condition", "en") not in allowance


async def test_of_a_matter_that_a_text_leaves_open_a_page_says_its_clause_and_why(told: httpx.AsyncClient) -> None:
    grade = section_of((await page(told, "text/plain", lang="en", jurisdiction="371500")).text, "grade")
    assert "[–] there is no rule to go by: the text mentions it but sets no standard" in grade
    assert "The rule: LC-14" in grade
    assert "Read as: The text lists no levels" in grade


async def test_of_a_matter_without_a_clause_a_page_says_why_in_one_line(told: httpx.AsyncClient) -> None:
    shown = (await page(told, "text/plain", lang="en")).text
    listed = shown.partition(f"== {label('without_clause', 'en')} ==\n")[2].partition("\n\n")[0].splitlines()
    assert "[–] Title: there is no rule to go by: the text of this place has no such rule" in listed
    assert all(line.startswith("[–] ") for line in listed), "a line each, and no more"


async def test_of_a_matter_without_a_clause_a_page_says_when_the_text_of_another_place_will_speak_of_it(
    told: httpx.AsyncClient,
) -> None:
    await append(told, moving("2025-06-01"))
    shown = (await page(told, "text/plain", lang="en")).text
    listed = shown.partition(f"== {label('without_clause', 'en')} ==\n")[2].partition("\n\n")[0].splitlines()
    places = [(before, line) for before, line in itertools.pairwise(listed) if line.startswith("  - ")]
    assert [before.partition(":")[0] for before, _ in places] == [
        "[–] Annual continuing education",
        "[–] Technical staff",
    ]
    assert all("after 2025-05-31 the place changes, and with it the rules" in line for _, line in places)


@pytest.mark.parametrize(
    ("place", "determination", "heading"),
    [
        ("371500", "talent", "Routes to professional quality (any one of these is enough)"),
        ("371500", "talent", "Ways of being engaged in service (any one of these is enough)"),
        ("371500", "talent.quality", "Ways of being engaged in service (does not affect this answer)"),
        ("532300", "talent", "Routes to professional quality (any one of these is enough)"),
        ("510100", "benefit.child_education", "Grounds (any one of these is enough)"),
        ("510100", "allowance", "Condition by condition (all of these are needed)"),
    ],
)
async def test_conditions_of_which_any_one_is_enough_stand_together_and_apart_from_those_all_needed(
    told: httpx.AsyncClient, place: str, determination: str, heading: str
) -> None:
    section = section_of((await page(told, "text/plain", lang="en", jurisdiction=place)).text, determination)
    assert f"\n{heading}:\n  [" in section
    shown = Outline((await page(told, lang="en", jurisdiction=place)).text)
    assert heading in shown.texts


async def test_two_ways_with_one_sentence_are_told_apart_by_how_they_are_read(told: httpx.AsyncClient) -> None:
    section = section_of((await page(told, "text/plain", lang="en", jurisdiction="532300")).text, "talent")
    ways = section.partition("Ways of being engaged")[2].partition("Facts behind")[0].splitlines()
    sentences = [line.partition(": ")[2].partition(" #")[0] for line in ways if line.startswith("  [")]
    readings = [line for line in ways if line.startswith("      ")]
    assert len(sentences) == len(readings) == 4  # The second way is told with its two parts.
    assert len(set(sentences)) == 1
    assert len(set(readings)) == 4


@pytest.mark.parametrize(("lang", "figure"), [("zh", "已计：20.5小时"), ("en", "counted: 20.5 hours")])
async def test_a_figure_of_hours_has_its_unit(told: httpx.AsyncClient, lang: Lang, figure: str) -> None:
    text = (await page(told, "text/plain", lang=lang)).text
    section = section_of(text, "continuing_education.registration_term", lang)
    assert f"  {figure}\n" in section


async def test_nothing_is_short_for_a_talent_by_certificate(told: httpx.AsyncClient) -> None:
    answer = (await told.get(STANDING, params={"as_of": DAY, "jurisdiction": "371500"})).json()
    result = answer["determinations"]["talent"]["result"]
    assert (result["route"], result["shortfall_hours"]) == ("certificate", "99.5")
    text = (await page(told, "text/plain", jurisdiction="371500")).text
    section = section_of(text, "talent", "zh")
    assert "已计：20.5小时\n" in section
    assert "尚缺：" not in section


async def test_a_page_names_the_other_ids_of_the_person_and_leads_to_their_records(told: httpx.AsyncClient) -> None:
    """ADR 0027; as known before the link there is none."""
    await append(told, (someone.enrolled("2023-01-02", called="in") + someone.linked("P-1", called="link")).of("P-0"))
    for lang, words in (("zh", "同一人的其他编号"), ("en", "Other ids of the same person")):
        answer = await page(told, lang=lang)
        (link,) = [link for link in Outline(answer.text).named("a") if str(link["href"]).startswith("..")]
        assert f'<dt>{words}</dt><dd><a href="{link["href"]}">P-0</a></dd>' in answer.text
        records = await told.get(urljoin(STANDING, str(link["href"])))
        assert [event["type"] for event in records.json()["events"]] == ["practitioner.enrolled", "practitioner.linked"]
    assert "Other ids of the same person: P-0\n" in (await page(told, "text/plain", lang="en")).text
    before = await page(told, lang="en", known_at_position=str(len(LIFE)))
    assert "Other ids" not in before.text
