"""The sentences of a page: labels, fields of results, findings, and every event as one sentence. Pure."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias
from unicodedata import category

from contracts.events.values import NATION
from contracts.places import parents
from contracts.policies.language import Text
from services.core.words.catalogue import (
    EMPLOYER_TYPES,
    FIELDS_OF_STUDY,
    GRANTS,
    LEVELS,
    ROLES,
    SUBJECTS,
    TALENTS,
    UNITS,
    Words,
)
from services.core.words.sentences import in_words, measured

Lang: TypeAlias = Literal["zh", "en"]

LABELS: Words = {
    "colon": ("：", ": "),
    "title": ("社会工作者职业情况", "Standing of a social worker"),
    "person": ("人员编号", "Practitioner"),
    "ledger": ("台账", "Ledger"),
    "place": ("适用规定的地方", "Place whose rules are applied"),
    "as_of": ("情况截至", "As of the end of"),
    "known": ("所据记录", "Records used"),
    "known_at": ("截至第{position}条记录（{recorded_at}）", "up to record {position} ({recorded_at})"),
    "next_change": ("若无新的记录，下次变化（年限除外）", "Next change if nothing new is recorded (years left out)"),
    "was_voided": ("{told}（已作废）", "{told} (voided)"),
    "no_change": ("无", "none"),
    "rules_of_place": ("所在地及其规定", "the place, and with it the rules"),
    "projected": (
        "所问日期尚未到来：以下是按现有记录推算的结果。",
        "The day asked about lies ahead; this follows from the records there are now.",
    ),
    "moves": (
        "自{on}起所在地为{place}，届时适用当地的规定；本页结论至多保持至{until}。",
        "From {on} the place is {place}, whose rules then apply; no answer here holds beyond {until}.",
    ),
    "summary": ("概要", "Summary"),
    "question": ("事项", "Question"),
    "verdict": ("结论", "Answer"),
    "holds": ("保持至", "Holds until"),
    "for_ever": ("有新的记录时", "something new is recorded"),
    "last_day": ("{until}（含当日）", "{until}, that day included"),
    "why": ("理由", "Why"),
    "rule": ("规定", "The rule"),
    "read_as": ("理解", "Read as"),
    "clause": ("条款", "Clause"),
    "conditions": ("逐项条件", "Condition by condition"),
    "all_needed": ("（须全部具备）", " (all of these are needed)"),
    "grounds": ("逐项情形", "Grounds"),
    "routes": ("专业素质的途径", "Routes to professional quality"),
    "engagement": ("从事服务的方式", "Ways of being engaged in service"),
    "any_one": ("（具备任何一项即可）", " (any one of these is enough)"),
    "not_asked": ("（不影响本项结论）", " (no part of this answer)"),
    "condition": ("条件", "Condition"),
    "trainings": ("逐项培训", "Training by training"),
    "training": ("培训", "Training"),
    "counted": ("计入", "Counted"),
    "not_counted": ("不计入", "not counted"),
    "result": ("具体内容", "In detail"),
    "facts_behind": ("所据事实", "Facts behind it"),
    "changes": ("何种情况会改变结论", "What would change it"),
    "nothing_missing": ("没有缺项", "Nothing is missing."),
    "readings": ("条文读法", "How the clause is read"),
    "alternatives": ("按其他读法", "Read otherwise"),
    "alternative": ("{reading} 若读作“{choice}”，结论为“{status}”", "{reading} read as “{choice}”: {status}"),
    "no_alternatives": ("其他读法不改变结论", "No other reading changes the answer."),
    "without_clause": ("没有条文可依的事项", "Questions for which there is no clause"),
    "facts": ("所引记录", "Records cited"),
    "position": ("记录号", "Record"),
    "day": ("日期", "Date"),
    "fact": ("事实", "Fact"),
    "no_facts": ("没有相关记录", "No fact on record bears on it."),
    "findings": ("须留意的记录", "Records that need attention"),
    "no_findings": ("没有", "None."),
    "timeline": ("随时间的变化", "Over time"),
    "changes_one_by_one": ("结论变化一览", "The changes one by one, with their causes"),
    "drawn_under": ("按{place}的规定和现有记录绘制。", "Drawn by the rules of {place} and the records there are now."),
    "drawn_day_by_day": (
        "逐日按本人当日所在地的规定和现有记录绘制。所在地：{places}。",
        "Drawn by the rules of the person's place on each day and the records there are now. Place: {places}.",
    ),
    "moved": ("自{on}起{place}", "from {on} {place}"),
    "then": ("；", "; "),
    "amount_unknown": (
        "文件没有规定金额，台账也没有登记适用的标准",
        "no text and no standard on record states an amount",
    ),
    "source": ("依据", "Source"),
    "edition": (
        "{document}（规则版本{edition}，{in_force}最近核对{verified}，{status}）",
        "{document} (edition {edition}, {in_force}last verified on {verified}, {status})",
    ),
    "in_force": ("施行期{first}至{last}，", "in force {first} to {last}, "),
    "in_force_from": ("自{first}起施行，", "in force from {first}, "),
    "footer": (
        "本页由台账依记录和公开文件推算，不是发放或聘任决定。",
        "This page follows from the records and the published texts. It decides no payment and no appointment.",
    ),
    "other_language": ("English", "中文"),
    "of_record": ("#{position}", " of #{position}"),
    "absent": ("无", "nothing"),
    "also_recorded": ("另有记录，本页结论未据以得出", "Also on record; no answer on this page rests on it"),
}
RESULT_FIELDS: Words = {
    **GRANTS,
    "since": ("起始日期", "since"),
    "valid_from": ("有效期起", "valid from"),
    "valid_until": ("有效期末日", "last day of its term"),
    "held_until": ("最后有效日", "last valid day"),
    "deemed": ("视同", "deemed"),
    "recorded_post_level": ("所任岗位等级", "recorded post level"),
    "conforming_post_level": ("相符的岗位等级", "conforming post level"),
    "post": ("岗位", "post"),
    "band": ("岗位类别", "band"),
    "conforming_since": ("相符自", "conforming since"),
    "reference_only": ("仅供参照", "for reference only"),
    "route": ("符合途径", "route"),
    "engaged": ("正在从事服务", "engaged in service"),
    "counted_hours": ("已计", "counted"),
    "required_hours": ("要求", "required"),
    "shortfall_hours": ("尚缺", "short by"),
    "window": ("计算期间", "period"),
    "met_on": ("达到日期", "reached on"),
    "unit": ("金额单位", "unit"),
    "standard": ("所据标准", "standard"),
    "eligible_since": ("符合自", "eligible since"),
    "basis": ("符合的情形", "ground"),
    "years": ("年限", "length"),
}
"""The fields of results that a page shows, in this order. What is missing is told by the conditions."""
RESULT_VALUES: Words = {
    **LEVELS,
    "certificate": ("证书", "certificate"),
    "degree": ("学历", "degree"),
    "hours": ("专业教育培训", "training"),
    **{name: words for name, words in UNITS.items() if name.startswith("CNY")},
}
FINDINGS: Words = {
    "target_unknown": ("更正或作废所指的记录尚不存在", "the record to be corrected or voided is not on record"),
    "void_of_a_void": ("作废不能再作废", "a void cannot be voided"),
    "correction_cycle": ("更正互相指向", "the corrections correct one another"),
    "target_would_be_invalid": (
        "更正会使记录不成立，未采用",
        "the correction would make the record invalid and was not applied",
    ),
    "employment_unknown": ("所指任职没有记录", "the employment named is not on record"),
    "no_employment": ("当日没有任职", "there is no employment on that day"),
    "employment_over": ("所指任职已经结束", "the employment named is over"),
    "ends_before_it_begins": ("结束早于开始", "it ends before it begins"),
    "never_held": ("开始之日即告终止，从未有效", "it ended on the day it began and was never valid"),
    "nothing_to_end": ("没有可以结束的事项", "there is nothing to end"),
}
YES_NO: Words = {"True": ("是", "yes"), "False": ("否", "no")}
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
    "event.corrected": Text(zh="更正{target}：{set}（{reason}）", en="Correction{target}: {set} ({reason})"),
    "event.voided": Text(zh="作废{target}：{reason}", en="Void{target}: {reason}"),
    "local_standard.registered": Text(
        zh="本地标准{standard_id}，自{effective_from}起",
        en="Local standard {standard_id}, effective from {effective_from}",
    ),
}
"""Events in words. `{name}` stands for a member of the data."""
FURTHER: Words = {
    "jurisdiction": ("，{jurisdiction}", ", {jurisdiction}"),
    "major": ("，{major}专业", ", major {major}"),
    "employer": ("，{employer}", ", {employer}"),
    "course": ("，{course}", ", {course}"),
    "provider": ("，{provider}", ", {provider}"),
    "valid_until": ("，所定末日{valid_until}", ", granted until {valid_until}"),
    "concurrent": ("，{concurrent}", ", {concurrent}"),
    "last_day": ("，末日{last_day}", ", last day {last_day}"),
    "channel": ("，{channel}", ", {channel}"),
    "standard": ("，所据标准{standard}", ", by the standard {standard}"),
}
"""What is added where an event says it and its sentence does not."""
EDUCATION_LEVELS: Words = {
    "college": ("大专", "college"),
    "bachelor": ("本科", "bachelor"),
    "master": ("硕士", "master"),
    "doctor": ("博士", "doctor"),
}
TRAINING_SUBJECTS: Words = {
    "sw_knowledge": ("社会工作知识", "social work knowledge"),
    "sw_practice": ("社会工作实务", "social work practice"),
    "sw_ethics": ("社会工作伦理", "social work ethics"),
    "sw_supervision": ("社会工作督导", "social work supervision"),
    "political": ("政治理论", "political"),
    "general": ("综合内容", "general"),
}
VOCABULARIES: Mapping[str, Words] = {
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
    "talent": TALENTS,
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
"""The members of events whose values are codes."""
MEMBERS: Words = {
    "occurred_on": ("日期", "date"),
    "identity_type": ("身份类别", "identity type"),
    "jurisdiction": ("地方", "place"),
    "level": ("级别", "level"),
    "field": ("专业或领域", "field"),
    "major": ("专业名称", "major"),
    "institution": ("院校", "institution"),
    "subject": ("科目", "subject"),
    "exam_year": ("考试年度", "exam year"),
    "score": ("成绩", "score"),
    "pass_line": ("合格线", "pass line"),
    "valid_from": ("有效期起", "valid from"),
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
    "post": ("岗位", "post"),
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
    "rank": ("督导等级", "rank"),
    "talent": ("称号", "title"),
    "origin": ("来源地", "origin"),
    "qualification": ("资格", "qualification"),
    "honor": ("荣誉", "honour"),
    "benefit": ("待遇", "benefit"),
    "finding": ("处理结果", "finding"),
    "channel": ("渠道", "channel"),
    "sanction": ("处分", "sanction"),
    "period": ("期间", "period"),
    "tier": ("档次", "tier"),
    "standard": ("所据标准", "standard"),
    "target": ("所指记录", "record concerned"),
    "set": ("更正内容", "what is set"),
    "data": ("内容", "content"),
}
"""The members of events, as a correction names them."""
NOT_ON_A_LINE = frozenset({"Zl", "Zp", "Cn"})
"""Categories of Unicode: separators of lines and paragraphs, and what is assigned to no character."""
PLACE_MEMBERS = frozenset({"jurisdiction", "scope"})


def label(name: str, lang: Lang, **values: object) -> str:
    """Return a label of the page, filled in."""
    return in_lang(in_words(LABELS, name), lang).format_map(values)


def in_lang(text: Text, lang: Lang) -> str:
    """Return one of the two languages."""
    return text.zh if lang == "zh" else text.en


def event_in_words(type_: str, data: Mapping[str, Any], places: Mapping[str, Text], lang: Lang) -> str:
    """Return an event as one sentence; one that no determination rests on is told by its type."""
    template = EVENTS.get(type_)
    if template is None:
        return type_
    sentence = in_lang(template, lang)
    further = [
        in_lang(in_words(FURTHER, name), lang) for name in FURTHER if name in data and f"{{{name}}}" not in sentence
    ]
    told = {name: value_in_words(name, value, places, lang) for name, value in data.items()}
    if "amount" in data and "unit" in data:
        told["amount"] = in_lang(measured(data["amount"], data["unit"]), lang)
    return "".join((sentence, *further)).format_map(told)


def value_in_words(name: str, value: Any, places: Mapping[str, Text], lang: Lang) -> str:
    """Return the value of an event's member in words."""
    words = VOCABULARIES.get(name, YES_NO if isinstance(value, bool) else {})
    if value is None:
        return label("absent", lang)
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(value_in_words(name, one, places, lang) for one in value)
    if isinstance(value, dict):
        return " ".join(
            f"{in_lang(in_words(MEMBERS, member), lang)} {value_in_words(member, one, places, lang)}"
            for member, one in value.items()
        )
    if name in PLACE_MEMBERS and value not in words:
        return place_in_words(value, places, lang)
    return in_lang(in_words(words, on_one_line(str(value))), lang)


def on_one_line(text: str) -> str:
    """Return a free text as a page shows it: what would begin a line there, or is no character, is a blank."""
    return "".join(" " if category(one) in NOT_ON_A_LINE else one for one in text)


def place_in_words(code: str, places: Mapping[str, Text], lang: Lang) -> str:
    """Return a place by its name, or by that of the place around it, with its code in brackets."""
    around = [places[outer] for outer in parents(code) if outer in places and (outer != NATION or code == NATION)]
    if not around:
        return code
    return f"{around[0].zh}（{code}）" if lang == "zh" else f"{around[0].en} ({code})"
