"""One example of every event type, as a client sends it. They appear in the JSON Schemas and in the OpenAPI
document."""

from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "practitioner.enrolled": ("2020-01-06", {"identity_type": "mainland", "jurisdiction": "510107"}),
    "education.recorded": (
        "2018-07-01",
        {"level": "bachelor", "field": "social_work", "major": "社会工作", "institution": "西南大学"},
    ),
    "exam.subject_passed": (
        "2023-06-18",
        {"level": "intermediate", "subject": "practice", "exam_year": 2023, "score": "64", "pass_line": "national"},
    ),
    "senior_exam.proof_issued": ("2021-12-20", {"valid_until": "2024-12-19"}),
    "senior_review.applied": ("2024-11-20", {"committee": "省高级社会工作师评审委员会"}),
    "senior_review.decided": (
        "2024-12-10",
        {"applied_on": "2024-11-20", "result": "pass", "committee": "省高级社会工作师评审委员会"},
    ),
    "certificate.obtained": (
        "2023-06-18",
        {"level": "junior", "scope": "national", "basis": "exam", "issued_on": "2023-09-20"},
    ),
    "certificate.withdrawn": ("2024-04-01", {"level": "junior", "reason": "考试作弊", "authority": "省人社厅"}),
    "registration.granted": (
        "2023-10-12",
        {
            "first": True,
            "valid_from": "2023-10-12",
            "valid_until": "2026-10-11",
            "level": "junior",
            "authority": "成都市民政局",
        },
    ),
    "registration.ended": ("2025-03-01", {"reason": "cancelled"}),
    "training.completed": (
        "2023-05-06",
        {
            "amount": "12.5",
            "unit": "class_hour",
            "subjects": ["sw_practice"],
            "started_on": "2023-05-05",
            "ended_on": "2023-05-06",
            "sessions": [{"day": "2023-05-05", "amount": "8"}, {"day": "2023-05-06", "amount": "4.5"}],
            "provider": "成都村政学院",
            "course": "个案管理实务",
            "proof_no": "C-2023-00017",
            "mode": "in_person",
        },
    ),
    "employment.started": (
        "2022-09-01",
        {
            "employer_type": "urban_community",
            "role": "full_time_community_worker",
            "jurisdiction": "510108",
            "direct_service": True,
            "employer": "桃蹊路社区",
            "organization": "taoxilu",
        },
    ),
    "employment.ended": (
        "2025-06-30",
        {"last_day": "2025-06-30", "employment": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10"},
    ),
    "promotion.granted": (
        "2022-06-01",
        {
            "post": "社会工作师三级",
            "post_level": 10,
            "series": "social_work",
            "method": "竞争上岗",
            "decision_no": "聘〔2022〕7号",
        },
    ),
    "promotion.ended": ("2024-05-31", {"last_day": "2024-05-31", "reason": "聘期届满"}),
    "service.recorded": (
        "2023-10-20",
        {"platform": "成都社工管理服务平台", "verified": True, "hours": "3.5", "field": "老龄服务", "task": "个案会谈"},
    ),
    "assessment.recorded": (
        "2023-12-28",
        {"covers_from": "2023-01-01", "covers_until": "2023-12-31", "professional_role": True, "result": "优秀"},
    ),
    "supervisor.designated": (
        "2022-05-01",
        {"rank": "senior", "authority": "成都市民政局", "jurisdiction": "510100", "last_day": "2025-04-30"},
    ),
    "supervisor.ended": ("2024-04-30", {"last_day": "2024-04-30"}),
    "talent.designated": (
        "2023-11-01",
        {"talent": "sichuan_high_end", "authority": "四川省民政厅", "jurisdiction": "510000"},
    ),
    "qualification.declared": ("2022-08-01", {"origin": "台湾", "qualification": "社会工作师"}),
    "qualification.recognized": (
        "2023-02-01",
        {"origin": "台湾", "level": "intermediate", "authority": "福建省人社厅", "scope": "350000"},
    ),
    "honor.recorded": ("2023-04-28", {"honor": "五一劳动奖章", "authority": "市总工会"}),
    "role.recorded": ("2021-03-01", {"role": "社区两委成员", "last_day": "2026-02-28"}),
    "benefit.granted": (
        "2023-08-15",
        {"benefit": "人才公寓", "authority": "成都市民政局", "determination": "benefit.apartment"},
    ),
    "complaint.decided": ("2023-09-09", {"finding": "dismissed", "channel": "行业服务投诉平台"}),
    "sanction.imposed": ("2023-09-09", {"sanction": "通报批评", "last_day": "2024-03-08"}),
    "sanction.lifted": ("2023-12-01", {"sanction": "通报批评"}),
    "allowance.decided": (
        "2023-12-31",
        {"period": "2023", "tier": "junior", "amount": "200", "standard": "wuhou-2023"},
    ),
    "practitioner.linked": ("2024-03-01", {"same_as": "CD-2020-00017"}),
    "event.corrected": (
        "2023-06-01",
        {
            "target": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10",
            "set": {"occurred_on": "2023-05-07", "data": {"ended_on": "2023-05-07", "amount": "12"}},
            "reason": "签到表有误",
        },
    ),
    "event.voided": (
        "2023-06-02",
        {"target": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10", "reason": "登记到他人名下", "authority": "培训机构"},
    ),
    "local_standard.registered": (
        "2023-01-01",
        {
            "standard_id": "wuhou-2023",
            "jurisdiction": "510107",
            "determination": "allowance",
            "effective_from": "2023-01-01",
            "tiers": {"junior": "200", "intermediate": "300", "senior": "500"},
            "unit": "CNY_per_month",
            "adds_employer_types": ["social_organization"],
        },
    ),
    "local_standard.ended": ("2025-06-30", {"standard_id": "wuhou-2023", "last_day": "2025-06-30"}),
    "policy.adopted": (
        "2027-03-01",
        {
            "jurisdiction": "510100",
            "edition": "2027-03-01",
            "digest": "sha256:0f66cdc1bf3d0c5d8a9be1b54a3d8f4c8f1c3e0a5a1f6a5d0c7b2e9f4a6d8c1b",
        },
    ),
    "organization.recorded": (
        "2024-01-01",
        {
            "organization": "taoxilu",
            "name": "桃蹊路社区",
            "kind": "urban_community",
            "jurisdiction": "510108",
            "approved_posts": 3,
        },
    ),
}
EXAMPLE_EVENT_ID = "0190b6a0-91f4-7a10-8c3d-2f5e7b1a4c60"


def example_event(type_: str) -> dict[str, Any]:
    """Return the example of a type with its envelope."""
    occurred_on, data = EXAMPLES[type_]
    return {"event_id": EXAMPLE_EVENT_ID, "type": type_, "occurred_on": occurred_on, "data": dict(data)}
