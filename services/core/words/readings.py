"""The readings and their alternatives in Chinese and English (docs/policies/rules.md 1.3). Pure."""

from contracts.policies.readings import Choice
from services.core.words.catalogue import Words

READINGS: Words[str] = {
    "R-01": (
        "未写明施行日期的，自成文日期起施行；施行日期未经证实的，自所知的日期起",
        "a text that states no commencement date is in force from its day of signing; else from the day known",
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
    "R-12": (
        "登记以所载末日为准，末日当天有效；没有载明的，至首日起三年后的对应日",
        "a registration is valid through its printed last day, or else the corresponding day three years on",
    ),
    "R-13": ("自全部条件齐备之日起符合", "eligible from the first day on which all conditions hold"),
    "R-14": ("多本证书只按最高级别", "of several certificates only the highest counts"),
    "R-15": (
        "发挥专业作用须有覆盖当日的评估",
        "the professional role must be confirmed by an assessment that covers the day",
    ),
    "R-16": (
        "在文件所指平台上近12个月内有经核实的服务记录的算；更早的或其他平台的，须人工审核",
        "a verified record of the last twelve months on the text's platform is enough; a person decides on others",
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
    "R-27": (
        "原则上符合，发放须有县（市、区）或有关单位的规定",
        "eligible in principle, payable only where a measure of the county or of the unit is on record",
    ),
    "R-28": ("比例余数向下取整并另列向上取整", "a ratio is rounded down, with the figure rounded up beside it"),
    "R-29": ("以核定岗位计算比例", "a share of posts is counted over the approved posts"),
    "R-30": ("平均数按全部社区计算", "an average is taken over all communities"),
    "R-31": (
        "从业人员指任社会工作岗位或直接从事社会服务的人员",
        "practitioners are those with a role in social work or in direct service",
    ),
    "R-32": (
        "岗位等级只及于社会工作专业岗位；没有写明系列的视为社会工作专业岗位",
        "the scale of posts speaks of social work posts, as which a post counts unless another series is recorded",
    ),
    "R-33": (
        "评估覆盖的期间按所载，含作出评估之后的日期",
        "an assessment covers the days recorded on it, those after it was made included",
    ),
    "R-34": (
        "登记写明级别的，只含该级别的证书；没有写明的，含登记首日以前（含当日）取得的证书；员级证书均含",
        "a registration covers the level it names, else what was obtained by its first day; a basic one always",
    ),
    "R-35": (
        "仅在地方有效的证书，在其有效地区内工作的算；没有写明地区的，员级证书算，其他级别须人工审核",
        "a local certificate counts where it is valid; if that is not recorded, a basic one counts, others need review",
    ),
    "R-36": (
        "认定机关属于文件所在地、其下级或上级地区的，认定才算；没有记载机关所在地的，须人工审核；全国性称号在各地都算",
        "a designation counts by an authority of the place, in it or around it; national titles count everywhere",
    ),
    "R-37": (
        "期间内离开所涉工作的，时数已足的算达到，不足的须人工审核",
        "who left within the period has met the figure if the hours are there; otherwise a person must decide",
    ),
    "R-38": (
        "“等”字可及于社会工作服务机构和社会组织：直接从事社会服务的，时数已足的算达到，不足的须人工审核",
        "“and the like” may cover agencies and social organizations: enough hours do; else a person must decide",
    ),
    "R-39": (
        "评审在成绩合格证明有效期内申报即可，不论何时评定",
        "the review must be applied for while the pass proof is valid, whenever it is decided",
    ),
    "R-40": (
        "首次登记的一年自批准日期起算",
        "the year for the first registration runs from the day of approval of the certificate",
    ),
    "R-41": (
        "登记有效期内取得的每一社会工作学历学位各记一次，重复登记的只记一次",
        "each social work degree obtained in the term counts as a lump sum; one recorded twice counts once",
    ),
    "R-42": (
        "近12个月内有经核实的服务记录的算从事服务；更早的须人工审核",
        "a verified service record of the last twelve months shows it; on an older one a person must decide",
    ),
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
    "alike_counts_once": (
        "疑似同一培训的也只计一次",
        "what only looks like the same training counts once, too",
    ),
    "issue_date": ("自发证日期起算", "from the day of issue"),
    "day_before": ("对应日的前一日为末日", "the last day is the day before the corresponding day"),
    "first_of_next_month": ("自次月1日起", "from the first of the next month"),
    "implied_by_service": ("有服务记录即视为发挥专业作用", "the professional role is implied by service records"),
    "any_record_ever": ("任何时候经核实的服务记录都算", "any verified service record ever counts"),
    "synonyms": ("各种称谓视为相同", "the names of roles are treated as the same"),
    "ignore": ("参照执行的不作判断", "nothing is judged where the rules are followed by reference"),
    "reject_the_event": ("没有相应证书的聘任不算", "an appointment without the certificate does not count"),
    "map_by_number": ("按级数对应到新单位", "carried over by number into the next employment"),
    "pro_rata_by_month": ("按在岗月数折减", "reduced in proportion to the months worked"),
    "start_of_year": ("只写年份的期限为当年1月1日", "a deadline stated as a year is 1 January of that year"),
    "decided_inside": ("评审须在有效期内评定", "the review must be decided while the proof is valid"),
    "issue": ("自发证日期起算", "from the day of issue"),
    "first_only": ("只计首个社会工作学历学位", "only the first social work degree ever counts"),
    "every_employee": ("全部任职人员都是从业人员", "everybody employed there is a practitioner"),
    "until_made": ("评估只及于作出之日", "an assessment covers no day after it was made"),
    "only_the_last_day": ("只看判断之日是否在岗", "only work on the day that decides counts"),
    "not_concerned": ("没有列名的单位不在其内", "employers that are not named are not covered"),
    "every_certificate_held": ("登记包含所持的全部证书", "a registration covers every certificate held"),
    "any_authority": ("任何机关的认定都算", "a designation by any authority counts"),
    "any_not_yet_rewarded": ("凡未奖励过的都算", "any title not yet rewarded"),
}
"""Each alternative of a reading."""
