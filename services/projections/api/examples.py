"""Examples of answers for the OpenAPI document. tests/api compares their shape with real ones."""

from typing import Any

_JUDGEMENT: dict[str, Any] = {
    "status": "not_eligible",
    "reason": "registration_lapsed",
    "result": {
        "tier": None,
        "amount": None,
        "standard": None,
        "missing": ["registration"],
        "unresolved": [],
        "eligible_since": None,
    },
    "clauses": ["CD-25"],
    "readings": ["R-02", "R-12", "R-13"],
}
_POLICY = {
    "jurisdiction": "510100",
    "edition": "2022-03-01",
    "digest": "sha256:0f66cdc1bf3d0c5d8a9be1b54a3d8f4c8f1c3e0a5a1f6a5d0c7b2e9f4a6d8c1b",
    "document": "关于加强社会工作者职业体系建设的实施意见，2022年1月18日，自2022年3月1日施行，有效期5年",
    "last_verified_on": "2026-11-21",
    "source_status": "confirmed",
    "standards": [],
}
_EXPLANATION = {
    "rule": "allowance",
    "status": "not_eligible",
    "reason": "registration_lapsed",
    "clause": "CD-25",
    "text": {"zh": "……", "en": "…"},
    "interpretation": None,
    "inputs": [],
    "children": [],
    "readings": [
        {
            "reading": "R-12",
            "text": {
                "zh": "登记以所载末日为准，末日当天有效",
                "en": "a registration holds to its printed last day, that day included",
            },
        }
    ],
}


def _ok(description: str, example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {"application/json": {"example": example}}}}


DETERMINATION = _ok(
    "The answer, whole.",
    {
        "determination": "allowance",
        "ledger": "chengdu",
        "practitioner_id": "P-1",
        "jurisdiction": "510100",
        "as_of": "2025-05-10",
        "known_at_position": 812,
        "projected": False,
        **_JUDGEMENT,
        "alternatives": [],
        "evidence": [
            {"event_id": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10", "position": 12, "type": "registration.granted"}
        ],
        "findings": [],
        "would_change": [
            {
                "need": "registration",
                "from": "2025-05-10",
                "held_until": "2025-05-09",
                "text": {
                    "zh": "原登记的末日为2025-05-09，须自2025-05-10起重新登记",
                    "en": "a new registration, from 2025-05-10 on; the last one held until 2025-05-09",
                },
            }
        ],
        "holds_until": "2025-12-31",
        "next_change_on": "2026-01-01",
        "policy": _POLICY,
        "explanation": _EXPLANATION,
        "answer_digest": "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    },
)
STANDING = _ok(
    "Every determination but exam.complete.",
    {
        "ledger": "chengdu",
        "practitioner_id": "P-1",
        "jurisdiction": "510107",
        "as_of": "2025-05-10",
        "known_at_position": 812,
        "projected": False,
        "next_change_on": "2026-01-01",
        "determinations": {"allowance": _JUDGEMENT},
    },
)
STANDING[200]["content"] |= {
    "text/html": {"example": '<!DOCTYPE html><html lang="zh-CN">…</html>'},
    "text/plain": {"example": "社会工作者职业情况\n\n人员编号: P-1\n…"},
}
COHORT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A page of people, and how many each status has.",
        "content": {
            "application/json": {
                "example": {
                    "standings": [
                        {
                            "practitioner_id": "P-1",
                            "jurisdiction": "510107",
                            "status": "not_eligible",
                            "result": _JUDGEMENT["result"],
                        }
                    ],
                    "counts": {"eligible": 812, "not_eligible": 95, "needs_review": 40},
                    "next_cursor": "ZTNiMGM0NDJQLTE",
                    "position": 20480,
                    "rows_due": False,
                }
            },
            "text/csv": {
                "example": "practitioner_id,jurisdiction,status,tier,amount,unit,standard,missing,unresolved,"
                "eligible_since\r\nP-1,510107,not_eligible,,,,,registration,,\r\n"
            },
        },
    }
}

_INDICATOR: dict[str, Any] = {
    "indicator": "I-07",
    "jurisdiction": "510100",
    "clause": "CD-02",
    "name": {"zh": "持有职业水平证书的社会工作者人数", "en": "certificate holders"},
    "text": {"zh": "……", "en": "…"},
    "interpretation": {"zh": "……", "en": "…"},
    "determination": "certificate",
    "target": 35000,
    "deadline": "2025-12-31",
}
INDICATORS = _ok("Each indicator, without its figure.", {"indicators": [_INDICATOR]})
INDICATOR = _ok(
    "The figure.",
    {
        **_INDICATOR,
        "ledger": "chengdu",
        "as_of": "2026-11-22",
        "decided_on": "2025-12-31",
        "known_at_position": 812,
        "projected": False,
        "final": True,
        "figure": {
            "counted": 34120,
            "open": 0,
            "not_counted": 5210,
            "excluded": {},
            "statuses": {"none": 5210, "valid": 34120},
            "of": None,
            "share": None,
            "by": {"level": {"basic": 9120, "intermediate": 8200, "junior": 16300, "senior": 500}},
            "status": "not_met",
            "without": {"level": ["basic"], "counted": 25000, "status": "not_met"},
        },
        "readings": ["R-02", "R-11", "R-24", "R-25"],
        "policy": {
            name: _POLICY[name] for name in ("jurisdiction", "edition", "digest", "document", "last_verified_on")
        },
    },
)
INDICATOR[200]["content"] |= {
    "text/csv": {
        "example": "practitioner_id,jurisdiction,status,counted_as,reason,level\r\nP-1,510107,valid,counted,,junior\r\n"
    }
}
