"""The tier of a payment or reward, what a local standard gives for it, and the names of what is lacking. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from contracts.events.values import CertificateLevel
from contracts.policies.language import LocalStandard
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.conditions.measured import jobs_on, measured_by, standards_at
from services.core.rules.parts import Context
from services.core.rules.verdict import Node, Status, Verdict


def names(nodes: Iterable[Node], status: Status) -> tuple[str, ...]:
    """Return the names of the parts with a status."""
    return tuple([node.rule for node in nodes if node.status == status])


def level_given(nodes: Sequence[Node], name: str) -> CertificateLevel | None:
    """Return the highest level that the named part gives."""
    given = next(node.held for node in nodes if node.rule == name)
    return given[0].level if given else None


def standard_for(
    verdict: Node, tier: CertificateLevel | None, facts: Facts, day: AskedDay, context: Context
) -> LocalStandard | None:
    """Return the best local standard that names the tier, where the person has the work that the rule requires."""
    workplaces = measured_by(context, verdict.jobs or jobs_on(facts, day))
    return next(
        (standard for standard in standards_at(context.standards, workplaces, day) if tier in standard.tiers), None
    )


def standards_used(
    context: Context, nodes: Iterable[Verdict], amount_from: LocalStandard | None = None
) -> tuple[str, ...]:
    """Return the ids of the local standards that give the amount or that a part rests on."""
    if not context.standards:
        return ()
    evidence = set(_sources(nodes))
    used = (standard for standard in context.standards if standard is amount_from or standard.evidence in evidence)
    return tuple(standard.standard_id for standard in used)


def _sources(nodes: Iterable[Verdict]) -> Iterator[object]:
    for node in nodes:
        yield from node.sources
        yield from _sources(node.children)
