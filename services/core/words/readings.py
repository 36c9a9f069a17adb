"""The readings and their alternatives in Chinese and English (docs/policies/rules.md 1.3). Pure."""

from contracts.policies.readings import Choice
from services.core.words.catalogue import Words

READINGS: Words[str] = {
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
"""Each reading as it is taken by default."""
CHOICES: Words[Choice] = {
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
"""Each alternative of a reading."""
