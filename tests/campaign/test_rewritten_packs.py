"""The packs in language 2 judge as the texts in language 1 that they replaced, but for what is listed here.

`CAREERS=10000 make campaign` makes a long run of it: the same random questions, with their alternatives, under both.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.document import plain
from contracts.events.revisions import resolve
from contracts.events.values import NATION
from contracts.policies.packs import PinnedPack
from contracts.policies.shipped import shipped
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.questions.whole import alternatives_of
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from tests.campaign.careers import career
from tests.campaign.test_oracle import PLACES, drawing, questions, recorded, standards_of
from tools.old_packs import kept

REPLACED = {
    "100000": "sha256:94aa19fe6f039814db603737d1b6e91d91017daab9410330b4e4b36cda059a2f",
    "350000": "sha256:430b1cb1bd516e122ad2248e07f210650189dc309c0a3dfc3fba6bf9e299a044",
    "371500": "sha256:a883148a680af8de6d7683a7f1fa401000f0befbe330296ee2ff99bc26555892",
    "410100": "sha256:a10efcb8fe4ad42ca53cf958e5507f5bbf0c70c9bf8bc2213208c2003d4c7ba5",
    "510100": "sha256:6cb9fe7cde25563f1643d0213726d3a5fce459f138d36ed9a4cd58d8e96de546",
    "532300": "sha256:3d7894ef8d350e534ef4146c28041c80dd17e9c0557f1141a670b5bc7067abdb",
}
"""The digests of the last texts in language 1."""
TEXTS = {text.digest: text for text in kept().texts}
BEFORE: Mapping[str, PinnedPack] = {place: TEXTS[digest].pinned for place, digest in REPLACED.items()}
AFTER: Mapping[str, PinnedPack] = {place: shipped()[place] for place in REPLACED}

NATIONAL_SINCE = {text.edition: text.in_force.first_day for text in AFTER[NATION].pack.editions}
"""Each national document is in force from its own day (N-27). In language 1 all of them had always been."""
SIGNED_AND_PRINTED_ON_ONE_DAY = {"371500", "410100", "532300"}
"""There R-01 has nothing to choose between, so it is no longer named among the readings."""
IN_THE_ORDER_OF_THE_TEXT = {"reward.new_talent"}
"""Their grounds were in the order of their names, because a document of language 1 had lost that of its text."""

ROUNDS = 4
"""Each asks 63 questions. Most of the time goes into compiling, which is done once for a career."""


def said(rules: Rules, facts: Facts, question: Question) -> dict[str, Any]:
    """Return what both texts must say alike: all but explanations, digests, and how long an answer holds."""
    answer = evaluate(rules, facts, question)
    result: dict[str, Any] = plain(answer.node.result)
    if question.determination in IN_THE_ORDER_OF_THE_TEXT:
        result["missing"] = sorted(result["missing"])
    place = answer.policy.jurisdiction
    unnamed = {"R-01"} if place in SIGNED_AND_PRINTED_ON_ONE_DAY else set()
    return {
        "place": place,
        "status": answer.node.status,
        "result": result,
        "readings": [reading for reading in answer.readings if reading not in unnamed],
        "alternatives": alternatives_of(rules, facts, question, answer),
    }


def national_since(rules: Rules, facts: Facts, question: Question) -> date | None:
    """Return the first day of the national document that answers; None if the text of a place does."""
    policy = evaluate(rules, facts, question).policy
    return NATIONAL_SINCE[policy.edition] if policy.jurisdiction == NATION else None


def test_a_rewritten_pack_judges_as_the_text_that_it_replaced(seed: int) -> None:
    life = career(seed)
    facts, standards = fold(resolve(recorded(life))), standards_of(life)
    rules = {place: [compose(place, packs, standards) for packs in (BEFORE, AFTER)] for place in PLACES}
    random = drawing(seed)
    for place, question in (asked for _ in range(ROUNDS) for asked in questions(random, life)):
        before, after = (said(one, facts, question) for one in rules[place])
        since = national_since(rules[place][1], facts, question)
        if since and after["status"] == "not_in_force":
            assert question.as_of < since, (seed, place, question)
            continue
        if since and before["result"].get("since"):
            before["result"]["since"] = max(before["result"]["since"], since.isoformat())
        assert after == before, (seed, place, question)
