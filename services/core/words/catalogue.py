"""The codes of answers in Chinese and English: statuses, reasons, determinations, fields, findings. Pure.

The codes of events are in `vocabularies.py`, readings in `readings.py`, and sentences beside the functions that fill
them in.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

from contracts.events.facts import Problem
from contracts.events.values import CertificateLevel, DeterminationId
from contracts.policies.language import Text
from services.core.facts.facts import Oddity
from services.core.rules.verdict import NotCounted, Reason, Status

Code = TypeVar("Code", bound=str)
Words: TypeAlias = Mapping[Code, tuple[str, str]]
"""Each code of a vocabulary with its Chinese and its English words."""

STATUSES: Words[Status] = {
    "met": ("达到", "met"),
    "not_met": ("未达到", "not met"),
    "pending": ("期限未到，尚未达到", "not yet met, there is still time"),
    "eligible": ("符合条件", "eligible"),
    "not_eligible": ("不符合条件", "not eligible"),
    "conforming": ("岗位与证书相符", "the post conforms"),
    "not_conforming": ("岗位与证书不相符", "the post does not conform"),
    "valid": ("有效", "valid"),
    "lapsed": ("已失效", "lapsed"),
    "none": ("无", "none"),
    "needs_review": ("须人工审核", "a person must decide"),
    "not_in_force": ("规定不在施行期内", "the rule is not in force"),
    "not_applicable": ("规定不适用于本人", "the rule does not apply to this person"),
    "undefined_in_policy": ("没有可依据的规定", "there is no rule to go by"),
}
VERDICTS: Mapping[str, Words[Status]] = {
    "professional_years": {"valid": ("有记录", "on record")},
    "technical_staff": {"valid": ("纳入", "included"), "none": ("未纳入", "not included")},
    "allowance": {"eligible": ("原则上符合条件", "eligible in principle")},
}
"""The words for a status in answers to questions that its usual words do not fit."""
DETERMINATION_NAMES: Words[DeterminationId] = {
    "certificate": ("社会工作者职业水平证书", "Certificate"),
    "recognition": ("外来资格的采认", "Recognition of a qualification from elsewhere"),
    "registration": ("登记", "Registration"),
    "title": ("职称", "Title"),
    "exam.complete": ("考试全部科目", "All subjects of the exam"),
    "exam.entry": ("考试报考条件", "Entry to the exam"),
    "certificate.senior_route": ("高级证书（成绩合格证明与评审）", "Senior certificate (pass proof and review)"),
    "grade": ("岗位等级与证书", "Post level and certificate"),
    "talent": ("社会工作专业人才", "Social work talent"),
    "talent.quality": ("社会工作专业素质", "Professional quality of social work talent"),
    "continuing_education.annual": ("年度继续教育", "Annual continuing education"),
    "continuing_education.plan_period": ("规划期继续教育", "Continuing education in the plan period"),
    "continuing_education.registration_term": (
        "登记有效期内继续教育",
        "Continuing education in the registration term",
    ),
    "allowance": ("职业津贴（补贴）", "Allowance"),
    "benefit.child_education": ("子女入园、入学、就学", "Child education benefit"),
    "benefit.settlement": ("户籍落地、保障房申请", "Settlement and housing benefit"),
    "benefit.apartment": ("人才公寓", "Talent apartment benefit"),
    "reward.new_talent": ("新获得人才称号的奖励", "Reward for a newly obtained talent title"),
    "reward.exam": ("参加考试的补贴或一次性奖励", "Reward for the exam"),
    "supervisor": ("督导人才", "Supervisor"),
    "technical_staff": ("专业技术人员管理", "Technical staff"),
    "professional_years": ("从事社会工作年限", "Professional years"),
}
REASONS: Words[Reason | NotCounted] = {
    "no_certificate": ("没有符合要求的证书", "no certificate of the kind required"),
    "certificate_withdrawn": ("证书已被撤销", "the certificate was withdrawn"),
    "certificate_of_another_time": ("证书取得的时间不符", "the certificate was obtained at another time"),
    "certificate_older_than_the_rule": (
        "证书在规定施行以前取得，是否算未定",
        "the certificate was obtained before the rule was in force, and may not count",
    ),
    "certificate_not_registered": (
        "登记所含的不是所持证书",
        "the registration is not known to be of a certificate held",
    ),
    "valid_only_locally": ("证书仅在当地有效", "the certificate is valid only locally"),
    "place_of_certificate_unsaid": (
        "证书仅在当地有效，没有记载是何地",
        "the certificate is valid only locally, and no one recorded where",
    ),
    "no_registration": ("没有登记", "no registration"),
    "registration_lapsed": ("登记有效期已满", "the term of the registration is over"),
    "registration_cancelled": ("登记已被注销", "the registration was cancelled"),
    "registration_refused": ("登记机构不予登记", "the registration was refused"),
    "no_fitting_employment": ("没有符合范围的任职", "no employment within the scope"),
    "no_recent_service_record": ("没有符合要求的服务记录", "no service record of the kind required"),
    "too_few_service_records": ("符合要求的服务记录次数不足", "too few service records of the kind required"),
    "no_attestation_covers_the_day": ("没有覆盖当日的评估", "no assessment covers the day"),
    "professional_role_denied": ("评估认为未发挥专业作用", "an assessment denies the professional role"),
    "attestations_contradict": ("几份评估互相矛盾", "assessments contradict each other"),
    "no_talent_title": ("没有相应的人才称号", "no talent title of the kind required"),
    "conferred_on_another_day": (
        "称号不是在规定施行期内获得的",
        "the title was not conferred while the text is in force",
    ),
    "designated_elsewhere": ("由其他地方的机关认定", "designated by an authority of another place"),
    "place_of_authority_unsaid": (
        "没有记载认定机关属于何地",
        "the place of the designating authority is not on record",
    ),
    "no_ground_holds": ("各项条件均不满足", "none of the grounds holds"),
    "title_not_listed": (
        "称号未列名，是否属于“等”字之内未定",
        "the title is not named and may fall under “and the like”",
    ),
    "title_perhaps_enough": (
        "所获称号是否属于文件所称人才未定",
        "the title held may or may not be what the text means",
    ),
    "granted_already": ("已有此项给予的记录", "it is on record as granted already"),
    "no_supervisor_designation": ("没有督导认定", "not designated as a supervisor"),
    "left_to_a_person": ("须由人工决定", "a person must decide"),
    "conditions_stand_elsewhere": ("条件由其他文件规定", "the conditions are set by other documents"),
    "service_records_in_question": (
        "已有的服务记录是否足够未定",
        "it is open whether the service records on file are enough",
    ),
    "employer_not_listed": (
        "任职单位未列名，是否属于“等”字之内未定",
        "the employer is not named and may fall under “and the like”",
    ),
    "left_before_the_deciding_day": (
        "期间内曾从事所涉工作，判断之日已不再从事",
        "did the work concerned within the period, but no longer on the day that decides",
    ),
    "no_social_work_post": ("所任岗位不是社会工作专业岗位", "the post held is not a social work post"),
    "no_post_here": ("没有在本地的岗位聘任", "no post in this place"),
    "holder_exceeds": (
        "所持证书高于岗位所需",
        "the certificate held is higher than the post requires, which is enough",
    ),
    "certificate_missing": ("缺少岗位所需的证书", "the certificate required for the post is missing"),
    "level_outside_ladder": ("文件没有列出这一岗位等级", "the text lists no such post level"),
    "not_recognized_here": ("没有在本地有效的采认", "no recognition valid in this place"),
    "no_direct_service": ("没有直接从事社会服务的任职", "no employment in direct service"),
    "no_proof": ("没有成绩合格证明", "no pass proof"),
    "proof_expired": ("成绩合格证明已过期", "the pass proof has expired"),
    "review_not_yet_applied_for": ("尚未申报评审", "the review has not been applied for yet"),
    "review_undecided": ("已申报评审，尚未评定", "the review has been applied for and is not decided yet"),
    "review_failed": ("评审未通过", "the review was failed"),
    "review_decided_both_ways": (
        "同一次申报既有评审通过、又有未通过的记录，须核实",
        "one application is on record as passed and as failed, which must be checked",
    ),
    "subjects_missing": ("科目未全部通过", "not all subjects have been passed"),
    "passed_by_a_local_line": (
        "按地方合格标准通过，证书只在该地有效",
        "passed by a local pass line: the certificate is valid only in that place",
    ),
    "no_education_on_record": (
        "截至判断当日没有学历记录",
        "no education obtained by the deciding day is on record",
    ),
    "too_few_years": ("从事社会工作的年限不足", "too few years of social work"),
    "no_certificate_to_count_from": (
        "没有年限自其起算的证书",
        "no certificate from which the years could be counted",
    ),
    "education_opens_no_entry": (
        "所记学历不能报考这一级别",
        "no education on record opens entry to the exam of this level",
    ),
    "exam_not_held_yet": (
        "该年度尚未举行这一级别的考试",
        "the exam of this level was not held yet in that year",
    ),
    "shortfall_window_open": ("时数尚有不足", "not enough hours so far"),
    "shortfall": ("期限已到，时数不足", "not enough hours by the last day"),
    "shortfall_of_last_years": ("近年时数不足", "not enough hours in the last years"),
    "rule_does_not_apply": ("规定不适用于本人", "the rule does not apply to this person"),
    "no_window": ("尚未登记，没有登记有效期可供计算", "not registered yet, so there is no term to count in"),
    "no_such_term": ("没有自该日起的登记有效期", "no registration term begins on that day"),
    "edition_not_in_force": ("文件不在施行期内", "the text is not in force on the deciding day"),
    "not_engaged": ("目前没有从事专门性社会服务", "not engaged in social service at present"),
    "no_professional_quality": ("不具备文件所列的专业素质", "no route to professional quality holds"),
    "quality_has_no_test": ("文件没有写明专业素质的标准", "the text states no standard of professional quality"),
    "no_degree": ("没有学历记录", "no degree on record"),
    "no_degree_in_the_field": ("没有相关专业的学历", "no degree in the field"),
    "field_not_listed": (
        "专业未列名，是否属于“等”字之内未定",
        "the field of study is not named and may be a related one",
    ),
    "recognized_not_by_exam": (
        "资格系经采认，不是考试取得",
        "the qualification was recognized, not obtained by exam",
    ),
    "no_local_standard_known": ("没有登记奖励所持级别的本地标准", "no local standard on record rewards the level held"),
    "no_such_rule": ("本地文件没有这一规定", "the text of this place has no such rule"),
    "no_standard_in_the_text": ("文件提到此事，没有定出标准", "the text mentions it but sets no standard"),
    "no_text_known": ("没有收录本地文件", "no text of this place is on file"),
    "outside_window": ("不在计算期间之内", "outside the period"),
    "voided": ("已作废", "voided"),
    "duplicate": ("重复登记", "recorded twice"),
    "not_professional_subject": ("不是专业内容", "not a professional subject"),
    "unit_not_convertible": ("计量单位不同，不作折算", "recorded in another unit, never converted"),
}
"""Why a status is what it is, and why a training is not counted."""
NO_SUCH_RULE = Text(zh="本地文件没有这一规定。", en="The written policy of this place has no such rule.")
"""The sentence for a rule that the text does not have."""
NO_TEXT = Text(zh="（条文未单独列出）", en="(the clause has no sentence of its own for this)")
"""The sentence for a part of a rule of which the text is not quoted by itself."""
LEVELS: Words[CertificateLevel] = {
    "basic": ("员级", "basic"),
    "junior": ("初级", "junior"),
    "intermediate": ("中级", "intermediate"),
    "senior": ("高级", "senior"),
}
NATIONAL_CERTIFICATES: Words[str] = {
    f"certificate:{level}": (f"全国证书：{zh}", f"national certificate: {en}") for level, (zh, en) in LEVELS.items()
}
"""The national certificates beside which one valid only locally is shown."""
CONDITIONS: Words[str] = {
    "role": ("任职", "role"),
    "certificate": ("证书", "certificate"),
    "registration": ("登记", "registration"),
    "service_record": ("服务记录", "service record"),
    "professional_role": ("发挥专业作用", "professional role"),
}
"""The conditions of an allowance, as its result lists them. One that a pack names otherwise is shown by that name."""
FIELDS: Words[str] = {
    "level": ("级别", "level"),
    "title": ("职称级别", "title"),
    "rank": ("督导等级", "rank"),
    "tier": ("档次", "tier"),
    "amount": ("金额", "amount"),
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
    "standard": ("所据标准", "standard"),
    "eligible_since": ("符合自", "eligible since"),
    "basis": ("符合的情形", "ground"),
    "years": ("年限", "length"),
    "years_required": ("要求年限", "years required"),
    "eligible_from_exam_year": ("可报考的首个考试年度", "first exam year open"),
}
"""The fields of results that pages show. Lists need no name: pages show what is in them."""
ROUTE_NAMES: Words[str] = {
    "certificate": ("证书", "certificate"),
    "degree": ("学历", "degree"),
    "hours": ("专业教育培训", "training"),
}
VALUES: Mapping[str, Words[Any]] = {
    **dict.fromkeys(("level", "title", "rank", "tier", "band"), LEVELS),
    "route": ROUTE_NAMES,
}
"""The fields of results whose values are codes."""
SOURCE_STATUSES: Words[str] = {
    "confirmed": ("有来源可查", "confirmed by a source on file"),
    "secondary": ("仅由二手材料证实", "confirmed by secondary sources only"),
    "memory": ("未经证实，凭记忆记录", "unconfirmed, from memory"),
}
FINDINGS: Words[Problem | Oddity] = {
    "target_unknown": ("更正或作废所指的记录尚不存在", "the record to be corrected or voided is not on record"),
    "void_of_a_void": ("作废不能再作废", "a void cannot be voided"),
    "correction_cycle": ("更正互相指向", "the corrections correct one another"),
    "target_would_be_invalid": (
        "更正会使记录不成立，未采用",
        "the correction would make the record invalid and was not applied",
    ),
    "told_twice": ("同一事项重复登记，只计一次", "the same was recorded before and counts once"),
    "told_in_part": (
        "与另一条记录为同一事项，详略不同，合并后只计一次",
        "it is the same as another record, told with more or less; both together count once",
    ),
    "told_otherwise": (
        "与另一条记录其余相同，仅一项所载不一致，请核实并更正",
        "it is as another record but for one item, in which they differ; check and correct it",
    ),
    "looks_told_twice": (
        "可能与另一条记录为同一事项，仍按所载计算",
        "it may be the same as another record; both count as recorded",
    ),
    "nearly_told_twice": (
        "与另一条记录仅一项不同（如日期、时长、内容类别），可能为同一事项；均按所载计算，请核实",
        "it differs from another record in one thing, such as its day; check it. Both count as recorded",
    ),
    "not_happened_yet": ("日期晚于登记之日", "its day lies after the day on which it was recorded"),
    "employment_unknown": ("所指任职没有记录", "the employment named is not on record"),
    "no_employment": ("当日没有任职", "there is no employment on that day"),
    "employment_over": ("所指任职已经结束", "the employment named is over"),
    "ends_before_it_begins": ("结束早于开始", "it ends before it begins"),
    "nothing_to_end": ("没有可以结束的事项", "there is nothing to end"),
    "community_role_elsewhere": ("社区岗位称谓，单位却不是社区", "the role is of a community, the employer is none"),
    "full_time_twice": ("同一时期有两个专职岗位", "two full-time roles are held at once"),
    "assessed_before_employment": (
        "评估作出于现任职开始之前",
        "the assessment was made before the employment that it covers began",
    ),
    "registered_without_certificate": ("有登记而没有证书记录", "registered, and no certificate is on record"),
    "registered_before_certificate": ("登记早于取得证书", "registered before the certificate was obtained"),
    "certificate_gone": ("登记期内证书已被撤销", "the certificate was withdrawn and the registration goes on"),
    "registrations_overlap": ("登记有效期重叠", "the terms of two registrations overlap"),
    "registration_length": (
        "登记所载有效期与规定的长短不同",
        "the printed term of the registration has another length than the rule says",
    ),
    "sanction_names_registration": (
        "处分涉及登记，登记仍按所载计算",
        "a sanction concerns the registration, which counts as recorded",
    ),
    "sanction_names_certificate": (
        "处分涉及证书；证书在登记撤销记录之前仍按所载计算",
        "a sanction concerns the certificate, which counts until its withdrawal is recorded",
    ),
    "issued_before_approval": (
        "证书的发证日期早于批准日期，请核实",
        "the certificate was issued before the day of its approval; check both days",
    ),
    "certificate_before_result": (
        "证书早于该级别所载的全部考试或评审结果，请核实",
        "the certificate is older than every result of the exam, or review, of its level on record; check the days",
    ),
    "withdraws_several": (
        "此项撤销使有效范围不同的同级证书一并失效，请核实撤销的是哪一张",
        "it takes certificates of its level that differ in scope or place; check which of them was withdrawn",
    ),
    "certificate_not_given": (
        "全国统一的职业水平评价不以此方式颁发该级别的证书，请核实级别、范围与取得方式",
        "no national certificate of this level is obtained in this way; check level, scope and basis",
    ),
    "certificate_by_local_line": (
        "证书记为全国有效，但所载成绩只有按地方合格标准才全部合格，由此取得的证书只在当地有效，请核实有效范围与成绩",
        "it is national, but its exam is passed only by a local line, which gives a local certificate; check the scope",
    ),
    "certificate_before_first_exam": (
        "证书的批准日期早于该级别首次考试之年，仍按所载计算",
        "the certificate was approved before the year of the first exam of its level; it counts as recorded",
    ),
    "proof_length": (
        "成绩合格证明所载有效期与规定的长短不同，仍按所载计算",
        "the printed term of the pass proof has another length than the rule says; it counts as recorded",
    ),
    "proof_before_first_exam": (
        "成绩合格证明的日期早于高级社会工作师首次考试之年，仍按所载计算",
        "the pass proof is of before the year of the first senior exam; it counts as recorded",
    ),
    "review_without_proof": (
        "没有申报评审当日有效的高级社会工作师考试成绩合格证明记录",
        "no proof of passing the senior exam that holds on the day of application is on record",
    ),
    "decided_before_applied": (
        "评审结果的日期早于申报之日，请核实",
        "the review was decided before the day on which it was applied for; check both days",
    ),
    "review_decided_both_ways": (
        "同一次申报的评审结果与另一条记录相反，请核实并更正",
        "another record of the same application says the opposite of this decision; check and correct it",
    ),
    "exam_year_to_come": (
        "考试年度晚于通过考试之年，自该年度起计算",
        "its exam year lies after the year in which it was passed, and it counts from that exam year on",
    ),
    "exam_not_held": (
        "该考试年度尚未举行此级别的考试，仍按所载计算",
        "the exam of the level was not held yet in its exam year; it counts as recorded",
    ),
    "score_below_pass_mark": (
        "分数低于合格标准，又未载明按地方合格标准通过，此科不计入",
        "the score is below the pass mark and no local pass line is told, so the subject does not count",
    ),
    "exam_without_subject": ("该级别的考试没有此科目", "the exam of the level has no such subject"),
    "more_than_a_day": (
        "按所载，当日培训超过一昼夜；如为多日培训，应记明开始日期或授课日期",
        "as recorded, one day has more training than hours; if it took several days, say from which",
    ),
    "session_outside": ("授课日期不在培训起止日期之内", "a session lies outside the days of the training"),
    "entitlement_unnamed": (
        "未写明兑现哪一项待遇，不能据以判断是否已经给予",
        "it names no entitlement, so no rule can tell what was given already",
    ),
    "grant_counts_nowhere": (
        "本地规定不以是否已经给予此项待遇为条件，此记录不影响判断",
        "no rule of the place asks whether this was given already, so it changes no answer",
    ),
    "standard_counts_nowhere": (
        "本地规定在此事项上不采用地方标准，此项地方标准不影响判断",
        "no rule of the place on this matter looks at a local standard, so this one changes no answer",
    ),
}
