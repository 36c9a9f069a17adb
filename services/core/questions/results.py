"""How the results of two answers differ, in what is announced. Pure."""

from collections.abc import Mapping
from typing import Any

from contracts.events.values import MoneyUnit
from services.core.rules.kinds.entitlement import RewardResult
from services.core.rules.kinds.payment import PaymentResult
from services.core.rules.verdict import Node


def announced_changes(before: Node, later: Node) -> Mapping[str, Any]:
    """Return the announced fields of the result that differ, as they are later."""
    was, now = before.result, later.result
    return {name: getattr(now, name) for name in now.ANNOUNCED if getattr(now, name) != getattr(was, name)}


def money_of(node: Node) -> MoneyUnit | None:
    """Return the unit of an amount in the result of an answer, if it has one."""
    return node.result.unit if isinstance(node.result, PaymentResult | RewardResult) else None
