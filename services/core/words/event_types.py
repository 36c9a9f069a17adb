"""What event types and their members are called, for whoever writes events. Pure."""

from contracts.policies.language import Text
from services.core.words.catalogue import Words
from services.core.words.events import MEMBERS
from services.core.words.sentences import in_words

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
