"""Event types by name, and events as sentences, one for each. Pure."""

from collections.abc import Mapping
from typing import Any
from unicodedata import category

from msgspec import Struct

from contracts.events.values import NATION
from contracts.places import parents
from contracts.policies.language import Text
from services.core.words.catalogue import FIELDS, Words
from services.core.words.labels import label
from services.core.words.sentences import Lang, as_declared, as_written, in_lang, in_words, measured
from services.core.words.vocabularies import vocabulary

TYPE_NAMES: Words[str] = {
    "practitioner.enrolled": ("建立档案", "Enrolment"),
    "education.recorded": ("学历", "Degree or diploma"),
    "exam.subject_passed": ("考试科目合格", "Exam subject passed"),
    "senior_exam.proof_issued": ("高级考试成绩合格证明", "Pass proof of the senior exam"),
    "senior_review.applied": ("申报高级评审", "Application for the senior review"),
    "senior_review.decided": ("高级评审结果", "Result of the senior review"),
    "certificate.obtained": ("取得证书", "Certificate"),
    "certificate.withdrawn": ("撤销证书", "Withdrawal of a certificate"),
    "registration.granted": ("登记", "Registration"),
    "registration.ended": ("登记终止", "End of a registration"),
    "training.completed": ("培训", "Training"),
    "employment.started": ("任职", "Employment"),
    "employment.ended": ("任职结束", "End of an employment"),
    "promotion.granted": ("聘任", "Appointment to a post"),
    "promotion.ended": ("聘任结束", "End of an appointment"),
    "service.recorded": ("服务记录", "Service record"),
    "assessment.recorded": ("评估", "Assessment"),
    "supervisor.designated": ("督导认定", "Designation as supervisor"),
    "supervisor.ended": ("督导认定结束", "End of a designation as supervisor"),
    "talent.designated": ("人才称号", "Talent title"),
    "qualification.declared": ("申报外来资格", "Qualification from elsewhere, declared"),
    "qualification.recognized": ("采认外来资格", "Qualification from elsewhere, recognized"),
    "honor.recorded": ("荣誉", "Honour"),
    "role.recorded": ("社会职务", "Role"),
    "benefit.granted": ("兑现待遇", "Benefit or reward"),
    "complaint.decided": ("投诉处理", "Decision on a complaint"),
    "sanction.imposed": ("处分", "Sanction"),
    "sanction.lifted": ("解除处分", "End of a sanction"),
    "allowance.decided": ("发放津贴（补贴）的决定", "Decision on an allowance"),
    "practitioner.linked": ("同一人的两个编号", "Two ids of one person"),
    "event.corrected": ("更正", "Correction"),
    "event.voided": ("作废", "Void"),
    "local_standard.registered": ("登记地方标准", "Local standard"),
    "local_standard.ended": ("地方标准停止执行", "End of a local standard"),
    "policy.adopted": ("采用规定", "Adoption of a pack"),
    "organization.recorded": ("机构", "Organization"),
}
EVENTS: Mapping[str, Text] = {
    "practitioner.enrolled": Text(zh="建立档案", en="Enrolled"),
    "education.recorded": Text(zh="取得学历：{level}，{field}", en="Education: {level}, {field}"),
    "exam.subject_passed": Text(
        zh="通过{exam_year}年度{level}考试科目：{subject}",
        en="Passed the {subject} of the {level} exam, exam year {exam_year}",
    ),
    "senior_exam.proof_issued": Text(
        zh="取得成绩合格证明，有效至{valid_until}", en="Pass proof, valid until {valid_until}"
    ),
    "senior_review.applied": Text(zh="申报高级社会工作师评审", en="Applied for the senior review"),
    "senior_review.decided": Text(
        zh="评审结果：{result}（{applied_on}申报）", en="Senior review: {result} (applied for on {applied_on})"
    ),
    "certificate.obtained": Text(zh="取得{scope}{level}证书", en="Obtained a {scope} {level} certificate"),
    "certificate.withdrawn": Text(
        zh="{level}证书被撤销：{reason}", en="The {level} certificate was withdrawn: {reason}"
    ),
    "registration.granted": Text(zh="登记，自{valid_from}起", en="Registered from {valid_from}"),
    "registration.ended": Text(zh="登记终止：{reason}", en="The registration ended: {reason}"),
    "training.completed": Text(zh="完成培训{amount}", en="Training completed: {amount}"),
    "employment.started": Text(
        zh="任职：{employer_type}，{role}，{jurisdiction}", en="Employed: {employer_type}, {role}, {jurisdiction}"
    ),
    "employment.ended": Text(zh="任职结束，末日{last_day}", en="The employment ended, last day {last_day}"),
    "promotion.granted": Text(zh="聘任：{post}，{post_level}级岗位", en="Appointed: {post}, post level {post_level}"),
    "promotion.ended": Text(zh="聘任结束，末日{last_day}", en="The appointment ended, last day {last_day}"),
    "service.recorded": Text(zh="服务记录，{platform}，{verified}", en="Service record, {platform}, {verified}"),
    "assessment.recorded": Text(
        zh="评估（{covers_from}至{covers_until}）：{professional_role}",
        en="Assessment ({covers_from} to {covers_until}): {professional_role}",
    ),
    "supervisor.designated": Text(
        zh="认定为{rank}督导人才（{authority}）", en="Designated as supervisor: {rank} ({authority})"
    ),
    "supervisor.ended": Text(zh="督导认定结束，末日{last_day}", en="The designation ended, last day {last_day}"),
    "talent.designated": Text(zh="获得称号：{talent}（{authority}）", en="Title conferred: {talent} ({authority})"),
    "qualification.declared": Text(zh="申报外来资格：{qualification}", en="Declared a qualification: {qualification}"),
    "qualification.recognized": Text(
        zh="外来资格经采认为{level}，有效范围{scope}（{authority}）",
        en="Qualification recognized as {level}, valid in {scope} ({authority})",
    ),
    "honor.recorded": Text(zh="荣誉：{honor}（{authority}）", en="Honour: {honor} ({authority})"),
    "role.recorded": Text(zh="社会职务：{role}", en="Role: {role}"),
    "benefit.granted": Text(zh="已给予待遇：{benefit}（{authority}）", en="Benefit granted: {benefit} ({authority})"),
    "complaint.decided": Text(zh="投诉{finding}", en="Complaint {finding}"),
    "sanction.imposed": Text(zh="处分：{sanction}", en="Sanction: {sanction}"),
    "sanction.lifted": Text(zh="解除处分：{sanction}", en="Sanction lifted: {sanction}"),
    "allowance.decided": Text(
        zh="津贴（补贴）已决定：{period}，{tier}，金额{amount}",
        en="Allowance decided: {period}, {tier}, amount {amount}",
    ),
    "practitioner.linked": Text(zh="与{same_as}为同一人", en="Is the same person as {same_as}"),
    "event.corrected": Text(zh="更正{target}：{set}（{reason}）", en="Correction{target}: {set} ({reason})"),
    "event.voided": Text(zh="作废{target}：{reason}", en="Void{target}: {reason}"),
    "local_standard.registered": Text(
        zh="本地标准{standard_id}，自{effective_from}起",
        en="Local standard {standard_id}, effective from {effective_from}",
    ),
    "local_standard.ended": Text(
        zh="本地标准{standard_id}废止，末日{last_day}", en="Local standard {standard_id} repealed, last day {last_day}"
    ),
    "organization.recorded": Text(
        zh="机构：{name}，{kind}，{jurisdiction}", en="Organization: {name}, {kind}, {jurisdiction}"
    ),
}
"""The sentence of each event type. `{name}` stands for a member of the data."""
FURTHER: Words[str] = {
    "jurisdiction": ("，{jurisdiction}", ", {jurisdiction}"),
    "major": ("，{major}专业", ", major {major}"),
    "employer": ("，{employer}", ", {employer}"),
    "course": ("，{course}", ", {course}"),
    "provider": ("，{provider}", ", {provider}"),
    "valid_until": ("，所定末日{valid_until}", ", granted until {valid_until}"),
    "concurrent": ("，{concurrent}", ", {concurrent}"),
    "last_day": ("，末日{last_day}", ", last day {last_day}"),
    "channel": ("，{channel}", ", {channel}"),
    "valid_in": ("，仅在{valid_in}有效", ", valid in {valid_in} only"),
    "series": ("，{series}", ", {series}"),
    "organization": ("，机构编号{organization}", ", organization {organization}"),
    "approved_posts": ("，核定岗位{approved_posts}个", ", {approved_posts} approved posts"),
    "beds": ("，床位{beds}张", ", {beds} beds"),
    "standard": ("，所据标准{standard}", ", by the standard {standard}"),
}
"""Added if an event has the member and its sentence does not mention it."""
MEMBERS: Words[str] = {
    **{name: FIELDS[name] for name in ("level", "post", "rank", "standard", "tier", "valid_from")},
    "occurred_on": ("日期", "date"),
    "identity_type": ("身份类别", "identity type"),
    "jurisdiction": ("地方", "place"),
    "field": ("专业或领域", "field"),
    "major": ("专业名称", "major"),
    "institution": ("院校", "institution"),
    "subject": ("科目", "subject"),
    "exam_year": ("考试年度", "exam year"),
    "score": ("成绩", "score"),
    "pass_line": ("合格线", "pass line"),
    "valid_in": ("有效地区", "valid in"),
    "series": ("岗位系列", "series of the post"),
    "organization": ("机构编号", "organization"),
    "determination": ("所兑现的待遇", "entitlement"),
    "same_as": ("同一人的编号", "same person as"),
    "valid_until": ("所定末日", "last day as granted"),
    "applied_on": ("申报日期", "applied for on"),
    "result": ("结果", "result"),
    "committee": ("评审委员会", "committee"),
    "scope": ("有效范围", "scope"),
    "basis": ("取得方式", "basis"),
    "issued_on": ("发证日期", "issued on"),
    "reason": ("理由", "reason"),
    "authority": ("机关", "authority"),
    "first": ("首次登记", "first registration"),
    "place": ("登记地点", "place of registration"),
    "amount": ("数量", "amount"),
    "unit": ("计量单位", "unit"),
    "subjects": ("培训内容", "subjects"),
    "started_on": ("开始日期", "started on"),
    "ended_on": ("结束日期", "ended on"),
    "sessions": ("授课", "sessions"),
    "day": ("日期", "day"),
    "provider": ("举办单位", "provider"),
    "course": ("课程", "course"),
    "proof_no": ("证明编号", "proof number"),
    "mode": ("方式", "mode"),
    "employer_type": ("单位类型", "type of employer"),
    "role": ("岗位称谓", "role"),
    "direct_service": ("直接从事社会服务", "direct service"),
    "employer": ("单位", "employer"),
    "in_establishment": ("在编", "in the establishment"),
    "concurrent": ("兼职", "concurrent"),
    "last_day": ("末日", "last day"),
    "employment": ("所指任职", "employment"),
    "post_level": ("岗位等级", "post level"),
    "method": ("聘任方式", "method"),
    "decision_no": ("决定编号", "decision number"),
    "platform": ("平台", "platform"),
    "verified": ("核实", "verification"),
    "hours": ("时数", "hours"),
    "task": ("任务", "task"),
    "project": ("项目", "project"),
    "covers_from": ("评估期起", "covers from"),
    "covers_until": ("评估期止", "covers until"),
    "professional_role": ("专业作用", "professional role"),
    "talent": ("称号", "title"),
    "origin": ("来源地", "origin"),
    "qualification": ("资格", "qualification"),
    "honor": ("荣誉", "honour"),
    "benefit": ("待遇", "benefit"),
    "finding": ("处理结果", "finding"),
    "channel": ("渠道", "channel"),
    "sanction": ("处分", "sanction"),
    "period": ("期间", "period"),
    "target": ("所指记录", "record concerned"),
    "set": ("更正内容", "new values"),
    "data": ("内容", "content"),
}
"""The names of event members in the sentence of a correction."""
NOT_ON_A_LINE = frozenset({"Zl", "Zp", "Cn"})
"""Categories of Unicode: separators of lines and of paragraphs, and unassigned code points."""
PLACE_MEMBERS = frozenset({"jurisdiction", "scope", "valid_in"})
TALENT_MEMBER = "talent"


class Names(Struct, frozen=True):
    """What the packs of a ledger call places and talent titles."""

    places: Mapping[str, Text] = {}
    talents: Mapping[str, Text] = {}


OTHER_MEMBERS: Words[str] = {
    "standard_id": ("标准编号", "id of the standard"),
    "effective_from": ("执行首日", "first day"),
    "tiers": ("各级金额", "amounts by level"),
    "adds_employer_types": ("扩大的单位类型", "types of employer added"),
    "edition": ("规则版本", "edition"),
    "digest": ("摘要", "digest"),
    "name": ("名称", "name"),
    "kind": ("机构类型", "kind"),
    "approved_posts": ("核定岗位数", "approved posts"),
    "beds": ("床位数", "beds"),
}
"""The members that no correction can name: those of events that are not about people."""


def type_name(type_: str) -> Text:
    """Return what an event type is called."""
    return in_words(TYPE_NAMES, type_)


def member_name(name: str) -> Text:
    """Return what a member of the data of an event is called."""
    return in_words(MEMBERS if name in MEMBERS else OTHER_MEMBERS, name)


def event_in_words(type_: str, data: Mapping[str, Any], names: Names, lang: Lang) -> str:
    """Return an event as one sentence."""
    sentence = in_lang(EVENTS[type_], lang)
    further = [
        in_lang(in_words(FURTHER, name), lang) for name in FURTHER if name in data and f"{{{name}}}" not in sentence
    ]
    values = {name: value_in_words(type_, name, value, names, lang) for name, value in data.items()}
    if "amount" in data and "unit" in data:
        values["amount"] = in_lang(measured(data["amount"], data["unit"]), lang)
    return "".join((sentence, *further)).format_map(values)


def value_in_words(type_: str | None, name: str, value: Any, names: Names, lang: Lang) -> str:
    """Return the value of a member of one event type in words; the type may be unknown. A free text stays as it is."""
    words = vocabulary(type_, name)
    if value is None:
        return label("absent", lang)
    if isinstance(value, list):
        return label("comma", lang).join(value_in_words(type_, name, item, names, lang) for item in value)
    if isinstance(value, dict):
        return " ".join(
            f"{in_lang(in_words(MEMBERS, member), lang)} {value_in_words(type_, member, item, names, lang)}"
            for member, item in value.items()
        )
    if name in PLACE_MEMBERS and value not in words:
        return place_in_words(value, names.places, lang)
    if name == TALENT_MEMBER:
        return in_lang(as_declared(names.talents, value), lang)
    return in_lang(as_written(words, on_one_line(str(value))), lang)


def on_one_line(text: str) -> str:
    """Return a free text with a blank in place of every line separator and unassigned code point."""
    return "".join(" " if category(character) in NOT_ON_A_LINE else character for character in text)


def place_in_words(code: str, places: Mapping[str, Text], lang: Lang) -> str:
    """Return the name of a place, or of the nearest place around it that has one, with its code in brackets."""
    around = [places[outer] for outer in parents(code) if outer in places and (outer != NATION or code == NATION)]
    if not around:
        return code
    return label("in_brackets", lang, text=in_lang(around[0], lang), more=code)
