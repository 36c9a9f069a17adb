"""What codes are called in Chinese and English: status words, reasons, readings, vocabularies. Every sentence of the
ledger's own stands here; the sentences of a rule stand in its pack.
"""

from collections.abc import Mapping

from contracts.policies.language import Text

Words = Mapping[str, tuple[str, str]]
"""A code, in Chinese and in English."""

STATUSES: Words = {
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
VERDICTS: Mapping[str, Words] = {
    "professional_years": {"valid": ("有记录", "on record")},
    "technical_staff": {"valid": ("纳入", "included"), "none": ("未纳入", "not included")},
    "allowance": {"eligible": ("原则上符合条件", "eligible in principle")},
}
"""What a status is called in the answer to a question to which its common word is no answer."""
DETERMINATIONS: Words = {
    "certificate": ("社会工作者职业水平证书", "Certificate"),
    "qualification": ("外来资格的采认", "Recognition of a qualification from elsewhere"),
    "registration": ("登记", "Registration"),
    "title": ("职称", "Title"),
    "exam.complete": ("考试全部科目", "All subjects of the exam"),
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
REASONS: Words = {
    "no_certificate": ("没有符合要求的证书", "no certificate of the kind required"),
    "certificate_withdrawn": ("证书已被撤销", "the certificate was withdrawn"),
    "no_registration": ("没有登记", "no registration"),
    "registration_lapsed": ("登记已失效", "the registration has lapsed"),
    "no_fitting_employment": ("没有符合范围的任职", "no employment within the scope"),
    "no_recent_service_record": ("近期没有经核实的服务记录", "no recent verified service record"),
    "no_attestation_covers_the_day": ("没有覆盖当日的评估", "no assessment covers the day"),
    "professional_role_denied": ("评估认为未发挥专业作用", "an assessment denies the professional role"),
    "attestations_contradict": ("几份评估互相矛盾", "assessments contradict each other"),
    "no_talent_title": ("没有相应的人才称号", "no talent title of the kind required"),
    "conferred_on_another_day": (
        "称号不是在规定施行期内获得的",
        "the title was not conferred while the text is in force",
    ),
    "no_ground_holds": ("各项条件均不满足", "none of the grounds holds"),
    "title_not_listed": (
        "称号未列名，是否属于“等”字之内未定",
        "the title is not named and may fall under “and the like”",
    ),
    "no_supervisor_designation": ("没有督导认定", "not designated as a supervisor"),
    "conditions_stand_elsewhere": ("条件由其他文件规定", "the conditions are set by other documents"),
    "no_post_here": ("没有在本地的岗位聘任", "no post in this place"),
    "holder_exceeds": (
        "所持证书高于岗位所需",
        "the certificate held is higher than the post requires, which is enough",
    ),
    "certificate_missing": ("缺少岗位所需的证书", "the certificate required for the post is missing"),
    "level_outside_ladder": ("岗位等级不在文件所列之内", "the text lists no such post level"),
    "not_recognized_here": ("没有在本地有效的采认", "no recognition valid in this place"),
    "no_direct_service": ("没有直接从事社会服务的任职", "no employment in direct service"),
    "no_proof": ("没有成绩合格证明", "no pass proof"),
    "proof_expired": ("成绩合格证明已过期", "the pass proof has expired"),
    "review_not_yet_passed": ("尚未通过评审", "the review has not been passed yet"),
    "decided_after_the_proof_expired": (
        "在证明有效期内申报，期后评定",
        "applied for while the proof was valid, decided after it",
    ),
    "subjects_missing": ("科目未全部通过", "not all subjects have been passed"),
    "shortfall_window_open": ("时数尚有不足", "not enough hours so far"),
    "shortfall": ("期限已到，时数不足", "not enough hours by the last day"),
    "shortfall_of_last_years": ("近年时数不足", "not enough hours in the last years"),
    "rule_does_not_apply": ("规定不适用于本人", "the rule does not apply to this person"),
    "no_window": ("没有可以计算的期间", "there is no period to count in"),
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
    "no_standard_in_the_text": ("文件提到此事，没有定出标准", "the text speaks of it and sets no standard"),
    "no_text_known": ("没有收录本地文件", "no text of this place is on file"),
    "outside_window": ("不在计算期间之内", "outside the period"),
    "voided": ("已作废", "voided"),
    "duplicate": ("重复登记", "recorded twice"),
    "not_professional_subject": ("不是专业内容", "not a professional subject"),
    "unit_not_convertible": ("计量单位不同，不作折算", "recorded in another unit, never converted"),
}
"""Why a status is what it is, and why a training is not counted. One without words is shown as its code."""
LEVELS: Words = {
    "basic": ("员级", "basic"),
    "junior": ("初级", "junior"),
    "intermediate": ("中级", "intermediate"),
    "senior": ("高级", "senior"),
}
GRANTS: Words = {
    "level": ("级别", "level"),
    "title": ("职称级别", "title"),
    "rank": ("督导等级", "rank"),
    "tier": ("档次", "tier"),
    "amount": ("金额", "amount"),
}
"""The fields of a result that say what a status gives."""
LACKS: Words = {"missing": ("缺项", "missing"), "unresolved": ("待审核的事项", "for a person to decide")}
"""The fields of a result that list conditions."""
STANDS: Words = {
    **GRANTS,
    **LACKS,
    "required_hours": ("所需时数", "hours required:"),
    "recorded_post_level": ("所任岗位等级", "post level"),
}
"""The fields of a result of which time may make another while the status stays, and which are told then."""
CONDITIONS: Words = {
    "role": ("任职", "role"),
    "certificate": ("证书", "certificate"),
    "registration": ("登记", "registration"),
    "service_record": ("服务记录", "service record"),
    "professional_role": ("发挥专业作用", "professional role"),
}
"""The conditions of an allowance, as its result lists them."""
UNITS: Words = {
    "hour": ("小时", "hours"),
    "class_hour": ("学时", "class hours"),
    "day": ("天", "training days"),
    "CNY_per_month": ("元/月", "CNY per month"),
    "CNY_per_year": ("元/年", "CNY per year"),
    "CNY_once": ("元（一次性）", "CNY once"),
}
ROLES: Words = {
    "community_worker": ("社区工作者", "community worker"),
    "full_time_community_worker": ("专职社区工作者", "full-time community worker"),
    "social_worker": ("社会工作者", "social worker"),
    "other": ("其他", "other"),
}
EMPLOYER_TYPES: Words = {
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
TALENTS: Words = {
    "national_leading": ("全国社会工作领军人才", "national leading talent"),
    "sichuan_high_end": ("四川省社会工作高端人才", "Sichuan high-end talent"),
    "yi_leading": ("彝乡领军人才", "Yi leading talent"),
    "high_level": ("高层次人才", "high-level talent"),
    "government_special_allowance": ("政府特殊津贴", "government special allowance"),
}
FIELDS_OF_STUDY: Words = {
    "social_work": ("社会工作", "social work"),
    "sociology": ("社会学", "sociology"),
    "social_policy": ("社会政策", "social policy"),
    "civil_affairs_management": ("民政管理", "civil affairs management"),
    "community_management": ("社区管理", "community management"),
    "other": ("其他专业", "another field"),
}
SUBJECTS: Words = {
    "comprehensive": ("综合能力", "comprehensive subject"),
    "practice": ("实务", "practice subject"),
    "law_and_policy": ("法规与政策", "law and policy subject"),
}
SOURCE_STATUSES: Words = {
    "confirmed": ("有来源可查", "confirmed by a source on file"),
    "secondary": ("仅由二手材料证实", "confirmed by secondary sources only"),
    "memory": ("未经证实，凭记忆记录", "unconfirmed, from memory"),
}
READINGS: Words = {
    "R-01": (
        "未写明施行日期的，自成文日期起施行",
        "a text that states no commencement date is in force from its day of signing",
    ),
    "R-02": (
        "施行日计入有效期，满期前一日为末日",
        "the first day counts, so the last day is the day before the anniversary",
    ),
    "R-03": ("“不少于”“以上”包括本数", "“at least N” includes N itself"),
    "R-04": (
        "“近若干年”往前推算，对应日当天不计入",
        "rolling years run back from the day; the same day that many years ago is left out",
    ),
    "R-05": ("没有对应日的，以月末日为准", "where the month has no corresponding day, its last day"),
    "R-06": ("“每年度”指公历年度", "“each year” means the calendar year"),
    "R-07": (
        "学时与小时按所载单位计算，不作折算",
        "class hours and hours are counted in the unit recorded and never converted",
    ),
    "R-08": (
        "按授课日期归入期间；未载明的归入结业日期",
        "hours count on the days of the sessions or, where none are recorded, on the day of completion",
    ),
    "R-09": ("只计专业内容的培训", "only professional subjects count"),
    "R-10": ("同一培训重复登记的只计一次", "a training recorded twice counts once"),
    "R-11": ("证书自批准日期起算", "a certificate counts from its day of approval"),
    "R-12": ("登记以所载末日为准，末日当天有效", "a registration is valid through its printed last day"),
    "R-13": ("自全部条件齐备之日起符合", "eligible from the first day on which all conditions hold"),
    "R-14": ("多本证书只按最高级别", "of several certificates only the highest counts"),
    "R-15": (
        "发挥专业作用须有覆盖当日的评估",
        "the professional role must be confirmed by an assessment that covers the day",
    ),
    "R-16": (
        "近12个月内有一次经核实的服务记录即可",
        "one verified service record within the last twelve months is enough",
    ),
    "R-17": ("岗位称谓按所载，不作等同", "a role counts as recorded; similar names are not treated as the same"),
    "R-18": ("参照执行的只给参考等级", "where the rules are followed by reference, the grade does not bind"),
    "R-19": (
        "没有相应证书的聘任照记，另给相符等级",
        "an appointment without the certificate is kept as recorded, and the conforming level is shown separately",
    ),
    "R-20": ("岗位随任职终止，不自动对应", "a post ends with its employment and is never carried over"),
    "R-21": ("规划指标不是个人义务", "a planned figure is not a duty of the person"),
    "R-22": ("中途加入或离开不作折减", "joining or leaving midway reduces nothing"),
    "R-23": ("“新获得”指在施行期内获得", "“newly obtained” means conferred while the text is in force"),
    "R-24": ("持证人数分别列明含与不含员级", "holders are shown with and without the basic level"),
    "R-25": ("只写年份的期限为当年12月31日", "a deadline stated as a year is 31 December of that year"),
    "R-26": ("逐年目标以各年年末为准", "targets by year are due at the end of each year"),
    "R-27": ("原则上符合，发放须有县级规定", "eligible in principle, payable only where a county measure is on record"),
    "R-28": ("比例余数向下取整并另列向上取整", "a ratio is rounded down, with the figure rounded up beside it"),
    "R-29": ("以核定岗位计算比例", "a share of posts is counted over the approved posts"),
    "R-30": ("平均数按全部社区计算", "an average is taken over all communities"),
}
"""How each reading is taken by default (docs/policies/rules.md 1.3)."""
CHOICES: Words = {
    "printed_date": ("自印发日期起施行", "in force from the day of printing"),
    "civil_count": ("按民法典方式计算，多一日", "counted as in the Civil Code, one day more"),
    "closed_both_ends": ("两端都计入", "both ends count"),
    "whole_calendar_years": ("按完整的公历年度", "whole calendar years"),
    "round_up": ("没有对应日的顺延至次月1日", "where the month has no corresponding day, the first of the next month"),
    "registration_year": ("按登记年度", "the year counted from the registration"),
    "employment_year": ("按任职年度", "the year counted from the employment"),
    "one_to_one": ("一小时折一学时", "one hour taken as one class hour"),
    "forty_five_minutes": ("一学时按45分钟折算", "a class hour taken as 45 minutes"),
    "pro_rata_by_day": ("跨期培训按天分摊", "a training across the edge of the period is split by days"),
    "all_hours": ("全部培训都计", "all training counts"),
    "sum": ("重复登记的相加", "trainings recorded twice are added up"),
    "issue_date": ("自发证日期起算", "from the day of issue"),
    "day_before": ("对应日的前一日为末日", "the last day is the day before the corresponding day"),
    "first_of_next_month": ("自次月1日起", "from the first of the next month"),
    "implied_by_service": ("有服务记录即视为发挥专业作用", "the professional role is implied by service records"),
    "any_record_ever": ("任何时候的服务记录都算", "any service record ever counts"),
    "synonyms": ("各种称谓视为相同", "the names of roles are treated as the same"),
    "ignore": ("参照执行的不作判断", "nothing is judged where the rules are followed by reference"),
    "reject_the_event": ("没有相应证书的聘任不算", "an appointment without the certificate does not count"),
    "map_by_number": ("按级数对应到新单位", "carried over by number into the next employment"),
    "pro_rata_by_month": ("按在岗月数折减", "reduced in proportion to the months worked"),
    "start_of_year": ("只写年份的期限为当年1月1日", "a deadline stated as a year is 1 January of that year"),
    "any_not_yet_rewarded": ("凡未奖励过的都算", "any title not yet rewarded"),
}

NEEDS: Mapping[str, Text] = {
    "hours": Text(zh="{until}前（含当日）还需完成{amount}", en="{amount} by {until}"),
    "hours_late": Text(
        zh="还缺{amount}；期限{until}已过，只有补录期限内完成的培训才能改变",
        en="{amount} short; the period ended on {until}, so only training completed within it and recorded late "
        "can change this",
    ),
    "hours_rolling": Text(zh="自{from}起还需完成{amount}", en="another {amount}, from {from}"),
    "decided": Text(
        zh="以{on}的情况为准，只有补录当日已有的事实才能改变",
        en="the situation on {on} decides, so only facts of that day recorded late can change this",
    ),
    "in_force": Text(zh="规定自{from}起施行", en="the rule is in force from {from}"),
    "rule_ends": Text(zh="规定的末日为{until}", en="the rule ends {until}"),
    "rule_ended": Text(
        zh="规定已于{ended_on}期满，须有新的文件", en="the rule ended on {ended_on}; a new text is needed"
    ),
    "rule": Text(zh="须有规定此事的文件", en="a text that has a rule for it"),
    "registration": Text(zh="自{from}起须有登记", en="a registration, from {from}"),
    "registration_lapsed": Text(
        zh="原登记的末日为{held_until}，须自{from}起重新登记",
        en="a new registration, from {from}; the last one was valid through {held_until}",
    ),
    "registration_ended": Text(
        zh="原登记载明的末日为{granted_until}，已于{ended_on}终止，须自{from}起重新登记",
        en="a new registration, from {from}; the last one, granted until {granted_until}, ended on {ended_on}",
    ),
    "renewal": Text(
        zh="登记续期自{from}起受理，至{until}止，须完成本期继续教育（N-07）",
        en="renewal opens {from} and closes {until}; it asks for the continuing education of the term (N-07)",
    ),
    "renewal_open": Text(
        zh="登记续期正在受理，至{until}止，须完成本期继续教育（N-07）",
        en="renewal has been open since {from} and closes {until}; it asks for the continuing education of the term "
        "(N-07)",
    ),
    "certificate": Text(zh="须取得证书：{levels}", en="a certificate: {levels}"),
    "certificate_national": Text(zh="须取得全国证书：{levels}", en="a national certificate: {levels}"),
    "service_record": Text(
        zh="须有近{within_months}个月内经核实的服务记录",
        en="a verified service record within the last {within_months} months",
    ),
    "service_record_old": Text(
        zh="须有近{within_months}个月内经核实的服务记录；最近一次为{last_recorded_on}",
        en="a verified service record within the last {within_months} months; the latest is of {last_recorded_on}",
    ),
    "professional_role": Text(
        zh="须有覆盖{on}的评估，确认发挥专业作用",
        en="an assessment that covers {on} and confirms the professional role",
    ),
    "professional_role_denied": Text(
        zh="覆盖{on}的评估否认发挥专业作用，须先更正或作废",
        en="the assessment that covers {on} and denies the professional role would have to be corrected or voided",
    ),
    "employment": Text(zh="须有任职{what}", en="an employment{what}"),
    "employment_here": Text(zh="须在本地任职{what}", en="an employment in this place{what}"),
    "degree": Text(zh="须取得学历，专业为{fields}", en="a degree in {fields}"),
    "degree_or_review": Text(
        zh="须取得学历，专业为{fields}；其他专业须人工审核",
        en="a degree in {fields}; for any other field a person must decide",
    ),
    "talent_title": Text(zh="须被认定为{titles}", en="a designation as {titles}"),
    "talent_title_new": Text(
        zh="须在规定施行期内被认定为{titles}", en="a designation as {titles} while the text is in force"
    ),
    "talent_title_review": Text(
        zh="须在规定施行期内被认定为{titles}，并由人工审核",
        en="a designation as {titles} while the text is in force, on which a person must then decide",
    ),
    "supervisor_of_rank": Text(zh="须被认定为{ranks}督导", en="a designation as {ranks} supervisor"),
    "exam_reward": Text(
        zh="须取得全国证书（{levels}），且本地标准对该级别给予奖励",
        en="a national certificate ({levels}) whose level a local standard rewards",
    ),
    "exam_subject": Text(zh="须通过科目：{subject}", en="a pass in the {subject}"),
    "exam_subject_by": Text(zh="须在{until}前（含当日）通过科目：{subject}", en="a pass in the {subject} by {until}"),
    "senior_review": Text(zh="须在{until}前（含当日）通过评审", en="a pass in the senior review by {until}"),
    "senior_proof": Text(zh="须取得成绩合格证明", en="a pass proof"),
    "senior_proof_new": Text(zh="须取得新的成绩合格证明", en="a new pass proof"),
    "recognition": Text(
        zh="须由有权机关作出在本地有效的采认", en="a recognition by the competent authority that is valid in this place"
    ),
    "supervisor": Text(zh="须有督导认定", en="a designation as supervisor"),
    "direct_service": Text(zh="须有直接从事社会服务的任职", en="an employment in direct service"),
    "post": Text(zh="须有文件所列等级的岗位聘任", en="an appointment to a post of a level that the text lists"),
    "review": Text(zh="须由人工审核决定", en="a person must decide"),
    "review_units": Text(
        zh="须由人工决定以其他单位计的培训如何计入（{clause}，R-07）",
        en="a person must decide how training recorded in another unit counts ({clause}, R-07)",
    ),
    "review_field": Text(
        zh="须由登记机构审核所学专业是否属于相关专业（{clause}）",
        en="the registrar must decide whether the field of study is a related one ({clause})",
    ),
    "review_quality": Text(
        zh="须由登记机构审核是否具备所要求的知识和技能（{clause}）",
        en="the registrar must decide whether the required knowledge and skill are there ({clause})",
    ),
    "review_recognized": Text(
        zh="须由人工决定经采认的资格是否等同考取的证书（{clause}）",
        en="a person must decide whether the recognized qualification amounts to passing the exam ({clause})",
    ),
    "review_title": Text(
        zh="须由人工决定所获称号是否属于“等”字之内（{clause}）",
        en="a person must decide whether the title held is covered by “and the like” ({clause})",
    ),
    "review_standard": Text(
        zh="须登记奖励所持级别的本地标准，否则由人工审核（{clause}）",
        en="a local standard on record that rewards the level held; if none is on record, a person must decide "
        "({clause})",
    ),
    "review_elsewhere": Text(
        zh="须由人工按其他文件的条件审核（{clause}）",
        en="a person must decide by the conditions of the other documents ({clause})",
    ),
    "review_late": Text(
        zh="须由人工决定证明有效期内申报、期后评定的评审是否有效（{clause}）",
        en="a person must decide whether a review applied for in time and decided late counts ({clause})",
    ),
    "review_attestations": Text(
        zh="须由人工决定互相矛盾的评估以何者为准（{clause}）",
        en="a person must decide which of the contradicting assessments holds ({clause})",
    ),
    "place": Text(
        zh="{until}之后所在地变更，适用另一文件；若无新的记录，自{on}起为“{status}”",
        en="after {until} the place changes, and with it the rules; if nothing new is recorded, from {on}: {status}",
    ),
    "place_because": Text(
        zh="{until}之后所在地变更，适用另一文件；若无新的记录，自{on}起为“{status}”（{reason}）",
        en="after {until} the place changes, and with it the rules; if nothing new is recorded, from {on}: "
        "{status} ({reason})",
    ),
    "time": Text(zh="若无新的记录，自{on}起变为“{status}”", en="if nothing new is recorded, from {on}: {status}"),
    "time_because": Text(
        zh="若无新的记录，自{on}起变为“{status}”（{reason}）",
        en="if nothing new is recorded, from {on}: {status} ({reason})",
    ),
    "time_hours": Text(
        zh="若无新的记录，自{on}起变为“{status}”；届时再有{amount}即可保持",
        en="if nothing new is recorded, from {on}: {status}; another {amount} by then would prevent it",
    ),
    "time_stands": Text(zh="若无新的记录，自{on}起{told}", en="if nothing new is recorded, from {on}: {told}"),
    "time_counted": Text(
        zh="若无新的记录，自{on}起计入的时数变为{counted}",
        en="if nothing new is recorded, from {on}: {counted} counted",
    ),
    "time_still": Text(
        zh="若无新的记录，自{on}起仍为“{status}”", en="if nothing new is recorded, from {on}: still {status}"
    ),
    "time_still_because": Text(
        zh="若无新的记录，自{on}起仍为“{status}”（{reason}）",
        en="if nothing new is recorded, from {on}: still {status} ({reason})",
    ),
    "other": Text(zh="缺少：{need}", en="missing: {need}"),
}
"""What would change an answer. `{name}` stands for a member of the entry, in words where it is a code."""

ONE_WAY: Mapping[str, Text] = {
    "ground": Text(zh="（各项满足其一即可）", en=" (any one ground is enough)"),
    "engagement": Text(zh="（从事服务的方式，其一即可）", en=" (any one way of being engaged is enough)"),
    "route": Text(zh="（专业素质的途径，其一即可）", en=" (any one route to professional quality is enough)"),
}
"""What is added to a need that is one of several of which any is enough."""
