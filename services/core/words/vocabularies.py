"""The closed vocabularies of events in Chinese and English. Pure."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from contracts.events.catalogue import ALL_TYPES
from contracts.events.values import (
    EducationField,
    EducationLevel,
    EmployerType,
    ExamSubject,
    MoneyUnit,
    Role,
    TrainingSubject,
    TrainingUnit,
)
from services.core.words.catalogue import LEVELS, Words

UNITS: Words[TrainingUnit | MoneyUnit] = {
    "hour": ("小时", "hours"),
    "class_hour": ("学时", "class hours"),
    "day": ("天", "training days"),
    "CNY_per_month": ("元/月", "CNY per month"),
    "CNY_per_year": ("元/年", "CNY per year"),
    "CNY_once": ("元（一次性）", "CNY once"),
}
ROLES: Words[Role] = {
    "community_worker": ("社区工作者", "community worker"),
    "full_time_community_worker": ("专职社区工作者", "full-time community worker"),
    "social_worker": ("社会工作者", "social worker"),
    "other": ("其他", "other"),
}
EMPLOYER_TYPES: Words[EmployerType] = {
    "urban_community": ("社区", "urban community"),
    "village": ("建制村", "village"),
    "public_institution": ("事业单位", "public institution"),
    "social_organization": ("社会组织", "social organization"),
    "social_work_agency": ("社会工作服务机构", "social work agency"),
    "charity": ("慈善组织", "charity"),
    "enterprise": ("企业", "enterprise"),
    "government": ("机关", "government"),
    "mass_organization": ("群团组织", "mass organization"),
}
FIELDS_OF_STUDY: Words[EducationField] = {
    "social_work": ("社会工作", "social work"),
    "sociology": ("社会学", "sociology"),
    "social_policy": ("社会政策", "social policy"),
    "civil_affairs_management": ("民政管理", "civil affairs management"),
    "community_management": ("社区管理", "community management"),
    "other": ("其他专业", "another field"),
}
SUBJECTS: Words[ExamSubject] = {
    "comprehensive": ("综合能力", "comprehensive subject"),
    "practice": ("实务", "practice subject"),
    "law_and_policy": ("法规与政策", "law and policy subject"),
}
EDUCATION_LEVELS: Words[EducationLevel] = {
    "secondary": ("高中（中专）", "secondary school"),
    "college": ("大专", "college"),
    "bachelor": ("本科", "bachelor"),
    "master": ("硕士", "master"),
    "doctor": ("博士", "doctor"),
}
TRAINING_SUBJECTS: Words[TrainingSubject] = {
    "sw_knowledge": ("社会工作知识", "social work knowledge"),
    "sw_practice": ("社会工作实务", "social work practice"),
    "sw_ethics": ("社会工作伦理", "social work ethics"),
    "sw_supervision": ("社会工作督导", "social work supervision"),
    "political": ("政治理论", "political"),
    "general": ("综合内容", "general"),
}
YES_NO: Words[str] = {"True": ("是", "yes"), "False": ("否", "no")}
VOCABULARIES: Mapping[str, Words[Any]] = {
    "level": {**LEVELS, **EDUCATION_LEVELS},
    "rank": LEVELS,
    "tier": LEVELS,
    "unit": UNITS,
    "subjects": TRAINING_SUBJECTS,
    "finding": {"upheld": ("成立", "upheld"), "dismissed": ("不成立", "dismissed")},
    "identity_type": {
        "mainland": ("内地", "mainland"),
        "taiwan": ("台湾", "Taiwan"),
        "hong_kong": ("香港", "Hong Kong"),
        "macao": ("澳门", "Macao"),
    },
    "basis": {
        "exam": ("考试", "exam"),
        "exam_and_review": ("考试和评审", "exam and review"),
        "local_test": ("地方考试", "local test"),
    },
    "pass_line": {"national": ("全国", "national"), "local": ("地方", "local")},
    "mode": {"in_person": ("面授", "in person"), "online": ("线上", "online")},
    "role": ROLES,
    "employer_type": EMPLOYER_TYPES,
    "kind": EMPLOYER_TYPES,
    "series": {
        "social_work": ("社会工作专业岗位", "social work post"),
        "other": ("其他专业岗位", "another kind of post"),
    },
    "subject": SUBJECTS,
    "field": FIELDS_OF_STUDY,
    "result": {"pass": ("通过", "passed"), "fail": ("未通过", "failed")},
    "scope": {"national": ("全国", "national"), "local": ("地方", "local")},
    "reason": {"cancelled": ("注销", "cancelled"), "refused": ("不予登记", "refused")},
    "verified": {"True": ("已核实", "verified"), "False": ("未核实", "not verified")},
    "professional_role": {
        "True": ("发挥专业作用", "the professional role is confirmed"),
        "False": ("未发挥专业作用", "the professional role is denied"),
    },
    "concurrent": {"True": ("兼职", "concurrent"), "False": ("非兼职", "not concurrent")},
}
"""The vocabulary of each event member that holds codes. A member of that name may hold free text in another event."""
NONE: Words[str] = {}


@cache
def vocabulary(type_: str | None, member: str) -> Words[Any]:
    """Return the words for the codes of a member of one event type; none if it holds free text there.

    Where the type is not known, a member has words only if it holds codes in every type that has it.
    """
    kinds = ALL_TYPES.values() if type_ is None else [ALL_TYPES[type_]]
    holding = [hints[member] for hints in map(get_type_hints, kinds) if member in hints]
    return VOCABULARIES.get(member, YES_NO) if holding and all(map(_holds_codes, holding)) else NONE


def _holds_codes(hint: Any) -> bool:
    return get_origin(hint) is Literal or hint is bool or any(map(_holds_codes, get_args(hint)))
