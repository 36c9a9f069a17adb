"""Advice as sentences: what would change an answer. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, assert_never

from msgspec import UnsetType, to_builtins

from contracts.events.values import MoneyUnit
from contracts.policies.language import Text
from services.core.questions import advice
from services.core.questions.advice import Advice
from services.core.rules import needs
from services.core.rules.verdict import Decision
from services.core.words.catalogue import CONDITIONS, LEVELS, VALUES, Words
from services.core.words.sentences import (
    OR,
    any_in_words,
    as_declared,
    as_written,
    employment_in_words,
    filled,
    levels_in_words,
    listed,
    measured,
    verdict_in_words,
    why,
)
from services.core.words.vocabularies import EDUCATION_LEVELS, FIELDS_OF_STUDY, SUBJECTS

Unconditional: TypeAlias = advice.TimedChange | advice.FactsOfADay | advice.FactsOfAPeriod | advice.TextInForce
"""Advice of which there are no several ways."""
ANY_TITLE = Text(zh="其他人才称号", en="another talent title")
NEEDS: Mapping[str, Text] = {
    "hours": Text(zh="{until}前（含当日）还需完成{amount}", en="{amount} by {until}"),
    "hours_today": Text(zh="期限今日届满，尚缺{amount}", en="the period ends today; {amount} short"),
    "hours_late": Text(
        zh="还缺{amount}；期限{until}已过，只有补录期限内完成的培训才能改变",
        en="{amount} short; the period ended on {until}, so only training completed within it and recorded late "
        "can change this",
    ),
    "hours_rolling": Text(zh="计算期间内还需完成{amount}", en="another {amount} within the years that count"),
    "decided": Text(
        zh="以{on}的情况为准，只有补录当日已有的事实才能改变",
        en="the situation on {on} decides, so only facts of that day recorded late can change this",
    ),
    "decided_in": Text(
        zh="以{from}至{until}期间的情况为准，只有补录期间内已有的事实才能改变",
        en="what was so from {from} to {until} decides, so only facts of those days recorded late can change this",
    ),
    "in_force": Text(zh="规定自{from}起施行", en="the rule is in force from {from}"),
    "rule_ends": Text(zh="规定的末日为{until}", en="the rule ends {until}"),
    "rule_ended": Text(
        zh="规定已于{ended_on}期满，没有新的文件，个人无须办理",
        en="the rule ended on {ended_on} and no new text is on file; there is nothing for the person to do",
    ),
    "rule": Text(
        zh="文件没有规定此事，个人无须办理", en="no text has a rule for it; there is nothing for the person to do"
    ),
    "registration": Text(zh="须申请首次登记", en="a first registration"),
    "registration_by": Text(
        zh="须申请首次登记，受理至{until}", en="a first registration, to be applied for by {until}"
    ),
    "registration_late": Text(
        zh="首次登记受理期限已过，能否补登记须询登记机构（受理至{until}）",
        en="the time to apply for the first registration ended on {until}; the registrar must say whether a late one "
        "is taken",
    ),
    "registration_lapsed": Text(
        zh="登记有效期至{held_until}，再登记受理期限已过，能否补登记须询登记机构",
        en="the registration was valid through {held_until} and can no longer be renewed; the registrar must say "
        "whether there is another way",
    ),
    "registration_cancelled": Text(
        zh="登记已于{ended_on}注销（原有效期至{granted_until}），能否补登记须询登记机构",
        en="the registration, granted until {granted_until}, was cancelled on {ended_on}; the registrar must say "
        "whether there is a way back",
    ),
    "registration_refused": Text(
        zh="登记机构已于{ended_on}不予登记（原有效期至{granted_until}），能否补登记须询登记机构",
        en="the registration, granted until {granted_until}, was refused on {ended_on}; the registrar must say "
        "whether there is a way back",
    ),
    "registration_unsaid": Text(
        zh="登记办法只登记全国证书；仅在当地有效的证书、员级证书如何登记，文件没有写明，须询登记机构",
        en="only national certificates are registered; no text says how a basic certificate, or one that is valid only "
        "locally, is registered, so the registrar must be asked",
    ),
    "registration_higher": Text(
        zh="须就{levels}证书申请登记{result}", en="a registration of the {levels} certificate{result}"
    ),
    "registration_higher_by": Text(
        zh="须就{levels}证书申请登记，受理至{until}{result}",
        en="a registration of the {levels} certificate, to be applied for by {until}{result}",
    ),
    "registration_higher_over": Text(
        zh="{levels}证书不在有效的登记之内，首次登记受理期限已过，能否补登记须询登记机构{result}",
        en="the {levels} certificate is not registered, and the time to apply for its first registration is over; the "
        "registrar must say whether there is another way{result}",
    ),
    "renewal": Text(
        zh="再登记自{from}起受理，至{until}止，须完成本期继续教育（{clause}）",
        en="renewal opens {from} and closes {until}; it requires the continuing education of the term ({clause})",
    ),
    "renewal_open": Text(
        zh="再登记正在受理，至{until}止，须完成本期继续教育（{clause}）",
        en="renewal has been open since {from} and closes {until}; it requires the continuing education of the term "
        "({clause})",
    ),
    "certificate": Text(zh="须取得证书：{levels}", en="a certificate: {levels}"),
    "certificate_national": Text(zh="须取得全国证书：{levels}", en="a national certificate: {levels}"),
    "certificate_valid_here": Text(
        zh="须取得全国证书或在本地有效的证书：{levels}",
        en="a certificate that is national or valid in this place: {levels}",
    ),
    "any_of": Text(zh="以下途径择一：{any_of}", en="one of these ways: {any_of}"),
    "all_of": Text(zh="以下各项须一并具备：{all_of}", en="all of these together: {all_of}"),
    "service_record": Text(
        zh="须{where}有近{within_months}个月内{verified}服务记录",
        en="a {verified}service record{where} within the last {within_months} months",
    ),
    "service_record_ever": Text(zh="须{where}有{verified}服务记录", en="a {verified}service record{where}"),
    "service_records_ever": Text(
        zh="须{where}有至少{at_least}次{verified}服务记录；已计入{counted}次",
        en="at least {at_least} {verified}service records{where}; counted so far: {counted}",
    ),
    "service_record_old": Text(
        zh="须{where}有近{within_months}个月内{verified}服务记录；最近一次为{last_recorded_on}",
        en="a {verified}service record{where} within the last {within_months} months; the latest is of "
        "{last_recorded_on}",
    ),
    "service_records": Text(
        zh="近{within_months}个月内须{where}有至少{at_least}次{verified}服务记录；已计入{counted}次",
        en="at least {at_least} {verified}service records{where} within the last {within_months} months; counted so "
        "far: {counted}",
    ),
    "professional_role": Text(
        zh="须有覆盖{on}的评估，确认发挥专业作用",
        en="an assessment that covers {on} and confirms the professional role",
    ),
    "professional_role_denied": Text(
        zh="如对覆盖{on}的评估有异议，可申请复核",
        en="the assessment that covers {on} may be reviewed if it is disputed",
    ),
    "employment": Text(zh="须有任职{what}", en="an employment{what}"),
    "employment_here": Text(zh="须在本地任职{what}", en="an employment in this place{what}"),
    "degree": Text(zh="须取得{levels}学历，专业为{fields}", en="a {levels}degree in {fields}"),
    "degree_any": Text(zh="须取得{levels}学历，专业不限", en="a {levels}degree in any field"),
    "talent_title": Text(zh="须被认定为{titles}", en="a designation as {titles}"),
    "talent_title_here": Text(
        zh="须由本地或上级主管部门认定为{titles}",
        en="a designation as {titles} by an authority of this place or above it",
    ),
    "talent_title_new": Text(
        zh="须在规定施行期内被认定为{titles}", en="a designation as {titles} while the text is in force"
    ),
    "supervisor_of_rank": Text(zh="须被认定为{ranks}督导", en="a designation as {ranks} supervisor"),
    "supervisor_of_rank_here": Text(
        zh="须由本地或上级主管部门认定为{ranks}督导",
        en="a designation as {ranks} supervisor by an authority of this place or above it",
    ),
    "exam_reward": Text(
        zh="须取得全国证书（{levels}），且本地标准对该级别给予奖励",
        en="a national certificate ({levels}) whose level a local standard rewards",
    ),
    "exam_subject": Text(
        zh="须在{exam_year}年度考试中通过科目：{subject}", en="a pass in the {subject}, in the exam of {exam_year}"
    ),
    "exam_subject_again": Text(
        zh="须在{exam_year}年度考试中重新通过科目：{subject}，原成绩届时已不在有效的考试年度内",
        en="another pass in the {subject}, in the exam of {exam_year}: the earlier one lies outside the exam years "
        "that then count",
    ),
    "exam_subject_by_the_mark": Text(
        zh="科目{subject}只按地方合格标准合格，照此取得的证书只在当地有效；须全国有效的，须在{exam_year}年度考试中按全国合格标准重新通过",
        en="the {subject} is passed only by a local line, so the certificate would be valid only in that place; to be "
        "valid everywhere, it must be passed again by the mark in the exam of {exam_year}",
    ),
    "exam_entry_from": Text(
        zh="继续从事社会工作的，自{exam_year}年度考试起可以报考",
        en="if the work goes on, the exam is open from that of {exam_year} on",
    ),
    "exam_entry_years": Text(
        zh="须从事社会工作满{years}年，算至考试年度末",
        en="full years of social work by the end of the exam year: {years}",
    ),
    "education": Text(zh="须取得可以报考这一级别的学历", en="an education that opens entry to the exam of this level"),
    "senior_review": Text(
        zh="须在{until}前（含当日）申报评审", en="an application for the senior review by {until}, that day included"
    ),
    "senior_review_today": Text(
        zh="今日为申报末日，须于今日申报评审",
        en="an application for the senior review today: it is the last day on which it can be made",
    ),
    "senior_proof_new": Text(zh="须取得新的成绩合格证明", en="a new pass proof"),
    "recognition": Text(
        zh="须由有权机关作出在本地有效的采认", en="a recognition by the competent authority that is valid in this place"
    ),
    "supervisor": Text(zh="取得督导认定后另行判断", en="judged once there is a designation as supervisor"),
    "direct_service": Text(zh="须有直接从事社会服务的任职", en="an employment in direct service"),
    "post": Text(
        zh="须持有相应的全国证书，并有文件所列等级的岗位聘任",
        en="a national certificate and an appointment to a post of a level that the text lists",
    ),
    "post_open": Text(
        zh="所持证书可聘任到{bands}专业技术岗位，是否聘任由用人单位按工作需要和岗位空缺决定",
        en="the certificate held is enough for a {bands} technical post; whether to appoint is for the employer to "
        "decide, by need and vacancy",
    ),
    "review": Text(zh="须由人工审核决定", en="a person must decide"),
    "place": Text(
        zh="{until}之后所在地变更，适用另一文件；若无新的记录，自{on}起为“{status}”{because}",
        en="after {until} the place changes, and with it the rules; if nothing new is recorded, from {on}: "
        "{status}{because}",
    ),
    "time": Text(
        zh="若无新的记录，自{on}起变为“{status}”{because}",
        en="if nothing new is recorded, from {on}: {status}{because}",
    ),
    "time_still": Text(
        zh="若无新的记录，自{on}起仍为“{status}”{because}",
        en="if nothing new is recorded, from {on}: still {status}{because}",
    ),
    "time_hours": Text(
        zh="若无新的记录，自{on}起变为“{status}”；届时再有{amount}即可保持",
        en="if nothing new is recorded, from {on}: {status}; another {amount} by then would prevent it",
    ),
    "time_stands": Text(zh="若无新的记录，自{on}起{fields}", en="if nothing new is recorded, from {on}: {fields}"),
    "time_counted": Text(
        zh="若无新的记录，自{on}起计入的时数变为{counted}",
        en="if nothing new is recorded, from {on}: {counted} counted",
    ),
}
"""The sentence of each need by its code. `{name}` stands for a member of the entry; codes are put into words."""
DECISIONS: Mapping[Decision, Text] = {
    "unit_not_convertible": Text(
        zh="须由人工决定以其他单位计的培训如何计入（{clause}，R-07）",
        en="a person must decide how training recorded in another unit counts ({clause}, R-07)",
    ),
    "field_not_listed": Text(
        zh="须由登记机构审核所学专业是否属于相关专业（{clause}）",
        en="the registrar must decide whether the field of study is a related one ({clause})",
    ),
    "quality_has_no_test": Text(
        zh="须由登记机构审核是否具备所要求的知识和技能（{clause}）",
        en="the registrar must decide whether the required knowledge and skill are there ({clause})",
    ),
    "recognized_not_by_exam": Text(
        zh="须由人工决定经采认的资格是否等同考取的证书（{clause}）",
        en="a person must decide whether the recognized qualification amounts to passing the exam ({clause})",
    ),
    "title_not_listed": Text(
        zh="须由人工决定所获称号是否属于“等”字之内（{clause}）",
        en="a person must decide whether the title held is covered by “and the like” ({clause})",
    ),
    "title_perhaps_enough": Text(
        zh="所获称号是否属于{titles}，须由主管部门认定（{clause}）",
        en="whether the title held amounts to {titles} is for the competent authority to decide ({clause})",
    ),
    "place_of_authority_unsaid": Text(
        zh="须由人工查明认定机关属于何地（{clause}，R-36）",
        en="a person must find out of which place the designating authority is ({clause}, R-36)",
    ),
    "place_of_certificate_unsaid": Text(
        zh="须由人工查明证书在何地有效（{clause}，R-35）",
        en="a person must find out where the certificate is valid ({clause}, R-35)",
    ),
    "certificate_older_than_the_rule": Text(
        zh="须由人工决定规定施行以前取得的证书是否算（{clause}）",
        en="a person must decide whether a certificate obtained before the rule was in force counts ({clause})",
    ),
    "certificate_not_registered": Text(
        zh="须由登记机构核实登记是否包含所持证书（{clause}，R-34）",
        en="the registrar must check whether the registration is of a certificate held ({clause}, R-34)",
    ),
    "granted_already": Text(
        zh="已有此项给予的记录，须由人工决定是否可以再次给予（{clause}）",
        en="it is on record as granted already; a person must decide whether it can be granted again ({clause})",
    ),
    "no_local_standard_known": Text(
        zh="没有登记奖励所持级别的本地标准，是否给予由当地有关部门决定，个人无须办理（{clause}）",
        en="no local standard on record rewards the level held; whether it is given is for the local authorities to "
        "decide, and nothing for the person to do ({clause})",
    ),
    "conditions_stand_elsewhere": Text(
        zh="须由人工按其他文件的条件审核（{clause}）",
        en="a person must decide by the conditions of the other documents ({clause})",
    ),
    "no_education_on_record": Text(
        zh="截至判断当日没有学历记录，须由人工按当时所持学历核对报考条件（{clause}）",
        en="no education obtained by the deciding day is on record: a person must check entry by the education held "
        "then ({clause})",
    ),
    "left_to_a_person": Text(
        zh="须由人工决定是否符合（{clause}）",
        en="a person must decide whether this is enough ({clause})",
    ),
    "service_records_in_question": Text(
        zh="须由人工决定已有的服务记录是否足够（{clause}）",
        en="a person must decide whether the service records on file are enough ({clause})",
    ),
    "employer_not_listed": Text(
        zh="须由人工决定任职单位是否属于“等”字之内（{clause}）",
        en="a person must decide whether the employer is covered by “and the like” ({clause})",
    ),
    "left_before_the_deciding_day": Text(
        zh="须由人工决定期间内已离开所涉工作的人员是否仍受规定约束（{clause}）",
        en="a person must decide whether the rule still binds somebody who left the work concerned within the period "
        "({clause})",
    ),
    "attestations_contradict": Text(
        zh="须由人工决定互相矛盾的评估以何者为准（{clause}）",
        en="a person must decide which of the contradicting assessments holds ({clause})",
    ),
}
"""The decision that a person must take, by the reason why the answer is open."""
ONE_WAY: Mapping[needs.Ways, Text] = {
    "ground": Text(zh="（各种情形具备其一即可）", en=" (any one ground is enough)"),
    "engagement": Text(zh="（从事服务的方式，其一即可）", en=" (any one way of being engaged is enough)"),
    "route": Text(zh="（专业素质的途径，其一即可）", en=" (any one route to professional quality is enough)"),
}
"""Added to a need if it is one of several and any one of them is enough."""
CHANGES: Mapping[str, Text] = {
    "level": Text(zh="级别变为{value}", en="level {value}"),
    "title": Text(zh="职称级别变为{value}", en="title {value}"),
    "rank": Text(zh="督导等级变为{value}", en="rank {value}"),
    "tier": Text(zh="档次变为{value}", en="tier {value}"),
    "amount": Text(zh="金额变为{value}", en="amount {value}"),
    "missing": Text(zh="缺项变为{value}", en="{value} missing"),
    "unresolved": Text(zh="待审核的事项变为{value}", en="{value} for a person to decide"),
    "required_hours": Text(zh="所需时数变为{value}", en="hours required: {value}"),
    "recorded_post_level": Text(zh="所任岗位等级变为{value}", en="post level {value}"),
}
"""The change of a field of a result while the status stays."""
LISTED: Words[Any] = {
    **CONDITIONS,
    **{f"certificate:{level}": (f"{zh}证书", f"{en} certificate") for level, (zh, en) in LEVELS.items()},
}
"""The conditions that results list."""
VERIFIED, UNSAID = Text(zh="经核实的", en="verified "), Text(zh="", en="")
NOTHING, NONE = Text(zh="无", en="nothing"), Text(zh="无", en="none")
AND = Text(zh="和", en=" and ")


def advice_in_words(determination: str, entry: Advice, talents: Mapping[str, Text]) -> Text:
    """Return an entry of advice on a determination as a sentence. `talents` are the words for talent titles."""
    words = _in_words(determination, entry, talents)
    if isinstance(entry, advice.DecisionNeed):
        return filled(DECISIONS[entry.reason], to_builtins(entry), words)
    sentence = filled(NEEDS[entry.code], to_builtins(entry), words)
    if isinstance(entry, Unconditional) or entry.one_of is None:
        return sentence
    more = ONE_WAY[entry.one_of]
    return Text(zh=sentence.zh + more.zh, en=sentence.en + more.en)


def _in_words(determination: str, entry: Advice, talents: Mapping[str, Text]) -> Mapping[str, Text]:
    """Return the words that replace codes among the members of an entry."""
    match entry:
        case needs.CertificateNeed(levels=levels) | needs.RewardedLevelNeed(rewarded=levels):
            return {"levels": levels_in_words(levels)}
        case advice.HigherRegistration(levels=levels, result=gained, money=money):
            return {"levels": levels_in_words(levels), "result": _gained(gained, money)}
        case needs.EmploymentNeed() as job:
            return {"what": employment_in_words(job)}
        case needs.DegreeNeed(levels=levels, fields=fields):
            which = any_in_words(EDUCATION_LEVELS, levels) if levels else None
            told = {"levels": Text(zh=which.zh, en=f"{which.en} ") if which else Text(zh="", en="")}
            return {**told, "fields": any_in_words(FIELDS_OF_STUDY, fields)} if fields else told
        case needs.TalentTitleNeed(titles=titles) | advice.DecisionNeed(titles=titles):
            return {"titles": listed((as_declared(talents, title) for title in titles), OR) if titles else ANY_TITLE}
        case needs.RankNeed(ranks=ranks):
            return {"ranks": any_in_words(LEVELS, ranks)}
        case needs.SubjectNeed(subject=subject):
            return {"subject": as_written(SUBJECTS, subject)}
        case (
            needs.ServiceRecordNeed(verified=verified, platforms=platforms)
            | needs.ServiceRecordsNeed(verified=verified, platforms=platforms)
        ):
            return {"verified": VERIFIED if verified else UNSAID, "where": _on_platforms(platforms)}
        case needs.PostNeed(bands=bands):
            return {"bands": any_in_words(LEVELS, bands)}
        case needs.AnyOfNeeds(any_of=several):
            return {"any_of": _each_in_words(determination, several, talents)}
        case needs.AllOfNeeds(all_of=several):
            return {"all_of": _each_in_words(determination, several, talents)}
        case needs.HoursNeed(amount=amount, need=unit):
            return {"amount": measured(amount, unit)}
        case advice.StatusChange() | advice.HoursRunOut() | advice.ResultChange() | advice.FewerHours():
            return _in_time(determination, entry)
        case (
            needs.PlainNeed()
            | needs.RegistrationNeed()
            | needs.AssessmentNeed()
            | needs.EntryNeed()
            | needs.SeniorReviewNeed()
            | advice.Renewal()
            | advice.FactsOfADay()
            | advice.FactsOfAPeriod()
            | advice.TextInForce()
        ):
            return {}
        case other:
            assert_never(other)


def _each_in_words(determination: str, several: Iterable[needs.ConditionNeed], talents: Mapping[str, Text]) -> Text:
    """Return the sentences of needs, those that have needs inside in brackets."""
    told = []
    for need in several:
        sentence = advice_in_words(determination, need, talents)
        inside = isinstance(need, needs.AnyOfNeeds | needs.AllOfNeeds)
        told.append(Text(zh=f"（{sentence.zh}）", en=f"({sentence.en})") if inside else sentence)
    return Text(zh="；".join(one.zh for one in told), en="; ".join(one.en for one in told))


def _on_platforms(platforms: Sequence[str]) -> Text:
    """Return on which platforms a record must be; nothing if on any."""
    if not platforms:
        return UNSAID
    names = listed((Text(zh=name, en=name) for name in platforms), OR)
    return Text(zh=f"在{names.zh}上", en=f" on {names.en}")


def _gained(changed: Mapping[str, Any] | UnsetType, money: MoneyUnit | None) -> Text:
    """Return the fields of a result that a step changes, as the end of its sentence; nothing if there are none."""
    if isinstance(changed, UnsetType):
        return UNSAID
    fields = changes_in_words(changed, money)
    return Text(zh=f"；办妥后{fields.zh}", en=f"; once done: {fields.en}")


def _in_time(determination: str, entry: advice.TimedChange) -> Mapping[str, Text]:
    status = verdict_in_words(determination, entry.status)
    match entry:
        case advice.StatusChange():
            reason = why(entry.status, entry.reason)
            because = Text(zh=f"（{reason.zh}）", en=f" ({reason.en})") if reason else UNSAID
            return {"status": status, "because": because}
        case advice.HoursRunOut(amount=amount, unit=unit):
            return {"status": status, "amount": measured(amount, unit)}
        case advice.ResultChange(result=changed, money=money):
            return {"fields": changes_in_words(changed, money)}
        case advice.FewerHours(result=result, hours=unit):
            return {"counted": measured(result["counted_hours"] or "0", unit)}
        case other:
            assert_never(other)


def changes_in_words(changed: Mapping[str, Any], money: MoneyUnit | None) -> Text:
    """Return the changed fields of a result in words. `money` is the unit of an amount."""
    parts = [filled(CHANGES[name], {}, {"value": _value(name, value, money)}) for name, value in changed.items()]
    return Text(zh="，".join(part.zh for part in parts), en=", ".join(part.en for part in parts))


def _value(name: str, value: Any, money: MoneyUnit | None) -> Text:
    if isinstance(value, list | tuple):
        return listed((as_written(LISTED, condition) for condition in value), AND) if value else NOTHING
    if value is None:
        return NONE
    if name == "amount" and money:
        return measured(value, money)
    return as_written(VALUES.get(name, {}), str(value))
