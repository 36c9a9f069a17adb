"""The words and kinds of the language, and which kind answers which determination with which result."""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct

from contracts.keys import Path
from contracts.policies.language import Rule, Tree
from contracts.policies.packs import UnreadablePackError
from contracts.policies.shape import MalformedPackError, fitted
from services.core.rules.combine import AllOf, AnyOf, APersonDecides, ForReview, Nobody
from services.core.rules.conditions.attested import Attested
from services.core.rules.conditions.certificates import HoldsCertificate, Recognized
from services.core.rules.conditions.designated import Designated
from services.core.rules.conditions.employed import Employed
from services.core.rules.conditions.holds_degree import HoldsDegree
from services.core.rules.conditions.measured import Measured
from services.core.rules.conditions.not_granted import NotGranted
from services.core.rules.conditions.registered import Registered
from services.core.rules.conditions.served import Served
from services.core.rules.conditions.trained import Trained
from services.core.rules.kinds.entitlement import Entitlement, EntitlementResult, RewardResult
from services.core.rules.kinds.exam_entry import EntryResult, ExamEntry
from services.core.rules.kinds.examination import ExamComplete, ExamResult, SeniorRoute
from services.core.rules.kinds.holding import Holding, LevelHeld, RankHeld, TitleHeld
from services.core.rules.kinds.kind import Kind
from services.core.rules.kinds.ladder import GradeResult, Ladder
from services.core.rules.kinds.payment import Payment, PaymentResult
from services.core.rules.kinds.professional_years import ProfessionalYears, YearsServed
from services.core.rules.kinds.registration import Registration, RegistrationHeld
from services.core.rules.kinds.talent import Talent, TalentResult
from services.core.rules.kinds.training import Training
from services.core.rules.kinds.undefined import Undefined
from services.core.rules.parts import Named, Part, Word
from services.core.rules.reckoning import HoursResult
from services.core.rules.result import Result

WORDS: Mapping[str, type[Word]] = {
    "all_of": AllOf,
    "any_of": AnyOf,
    "for_review": ForReview,
    "a_person_decides": APersonDecides,
    "nobody": Nobody,
    "attested": Attested,
    "designated": Designated,
    "employed": Employed,
    "holds_certificate": HoldsCertificate,
    "holds_degree": HoldsDegree,
    "measured": Measured,
    "not_granted": NotGranted,
    "recognized": Recognized,
    "registered": Registered,
    "served": Served,
    "trained": Trained,
}
KINDS: Mapping[str, type[Kind]] = {
    "entitlement": Entitlement,
    "exam_complete": ExamComplete,
    "exam_entry": ExamEntry,
    "holding": Holding,
    "ladder": Ladder,
    "payment": Payment,
    "professional_years": ProfessionalYears,
    "registration": Registration,
    "senior_route": SeniorRoute,
    "talent": Talent,
    "training": Training,
    "undefined": Undefined,
}


class Answers(Struct, frozen=True):
    """What answers a determination: the kind of its rule, and the result that this kind then gives."""

    kind: type[Kind]
    result: type[Result]


ANSWERS: Mapping[str, Answers] = {
    "certificate": Answers(Holding, LevelHeld),
    "recognition": Answers(Holding, LevelHeld),
    "registration": Answers(Registration, RegistrationHeld),
    "title": Answers(Holding, TitleHeld),
    "exam.complete": Answers(ExamComplete, ExamResult),
    "exam.entry": Answers(ExamEntry, EntryResult),
    "certificate.senior_route": Answers(SeniorRoute, Result),
    "grade": Answers(Ladder, GradeResult),
    "talent": Answers(Talent, TalentResult),
    "talent.quality": Answers(Talent, TalentResult),
    "continuing_education.annual": Answers(Training, HoursResult),
    "continuing_education.plan_period": Answers(Training, HoursResult),
    "continuing_education.registration_term": Answers(Training, HoursResult),
    "allowance": Answers(Payment, PaymentResult),
    "benefit.child_education": Answers(Entitlement, EntitlementResult),
    "benefit.settlement": Answers(Entitlement, EntitlementResult),
    "benefit.apartment": Answers(Entitlement, EntitlementResult),
    "reward.new_talent": Answers(Entitlement, EntitlementResult),
    "reward.exam": Answers(Entitlement, RewardResult),
    "supervisor": Answers(Holding, RankHeld),
    "technical_staff": Answers(Holding, LevelHeld),
    "professional_years": Answers(ProfessionalYears, YearsServed),
}
OF_A_LEVEL = frozenset(name for name, answers in ANSWERS.items() if answers.kind.OF_A_LEVEL)
"""The determinations that are asked of one level of the exam, and so are in no standing."""

P = TypeVar("P")


class UnknownWordError(MalformedPackError, UnreadablePackError):
    """A rule has a kind or a word that the language does not have, or parameters that it does not take.

    `at` are the keys that lead there from the rule, its choices made.
    """


def silence(determination: str) -> Rule:
    """Return what stands in for a rule where the text is silent: it has no clause and no sentence."""
    return Rule(clause="", kind="undefined", parameters=ANSWERS[determination].kind.SILENT, told={})


def kind_of_rule(rule: Rule) -> Kind:
    """Return the kind of a rule with its parameters. Raises UnknownWordError."""
    if rule.kind not in KINDS:
        raise UnknownWordError((rule.kind,), f"the language has no kind {rule.kind!r}")
    kind: Kind = _converted(rule.parameters, KINDS[rule.kind], (rule.kind,))
    return kind


def part_of(document: Tree) -> Part:
    """Return a part: one word, and perhaps its clause. Raises UnknownWordError."""
    words = [key for key in document if key != "clause"]
    if len(words) != 1:
        raise UnknownWordError((), f"a part has exactly one word, not {', '.join(words) or 'none'}")
    (name,) = words
    if name not in WORDS:
        raise UnknownWordError((name,), f"the language has no word {name!r}")
    word, value = WORDS[name], document[name]
    made = _converted({word.WHOLE: value}, word, (name,), 1) if word.WHOLE else _converted(value, word, (name,))
    return Part(made, _converted(document.get("clause"), str | None, ("clause",)))


def _converted(value: Any, kind: Any, at: Path, unwritten: int = 0) -> Any:
    """Return a value as this type. The first `unwritten` keys inside it do not stand in the document."""
    try:
        return fitted(value, kind, _hook)
    except MalformedPackError as error:
        raise UnknownWordError((*at, *error.at[unwritten:]), error.why) from error


def _hook(kind: type, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise UnknownWordError((), "a part is an object with one word")
    if kind is Part:
        return part_of(value)
    if len(value) != 1:
        raise UnknownWordError((), "a named part is an object with one key, its name")
    ((name, part),) = value.items()
    if not isinstance(part, Mapping):
        raise UnknownWordError((name,), "a part is an object with one word")
    try:
        return Named(name, part_of(part))
    except UnknownWordError as error:
        raise UnknownWordError((name, *error.at), error.why) from error
