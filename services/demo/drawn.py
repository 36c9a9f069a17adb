"""What random careers are drawn from. Of several values each occurs as often as it is met. Pure."""

from collections.abc import Sequence
from typing import Literal

from contracts.events.values import EmployerType

Level = Literal["junior", "intermediate", "senior"]
LEVELS: Sequence[Level] = ("junior", "intermediate", "senior")
SUBJECTS = {
    "junior": ("comprehensive", "practice"),
    "intermediate": ("comprehensive", "practice", "law_and_policy"),
    "senior": ("practice",),
}
TITLES = {"junior": "助理社会工作师", "intermediate": "社会工作师", "senior": "高级社会工作师"}
JOBS: Sequence[tuple[EmployerType, str, bool]] = (
    *(("urban_community", "full_time_community_worker", True),) * 7,
    *(("urban_community", "community_worker", True),) * 3,
    *(("village", "full_time_community_worker", True),) * 2,
    *(("social_work_agency", "social_worker", True),) * 4,
    *(("public_institution", "social_worker", True),) * 3,
    ("social_organization", "social_worker", True),
    ("charity", "social_worker", True),
    ("mass_organization", "other", False),
    ("government", "other", False),
)
COMMUNITY_ROLES = ("full_time_community_worker", "community_worker")
AIMS: Sequence[Sequence[Level]] = (*((),) * 2, *(LEVELS[:1],) * 4, *(LEVELS[:2],) * 4, LEVELS)
DEGREES = (
    *("secondary",) * 2,
    *("college",) * 6,
    *("bachelor",) * 9,
    *("master",) * 3,
    "doctor",
)
FIELDS = (
    *("social_work",) * 4,
    *("sociology",) * 2,
    "social_policy",
    *("community_management",) * 2,
    *("civil_affairs_management",) * 2,
    *("other",) * 2,
)
MAJORS = {
    "social_work": "社会工作",
    "sociology": "社会学",
    "social_policy": "社会政策",
    "community_management": "社区管理与服务",
    "civil_affairs_management": "民政管理",
    "other": "行政管理",
}
INSTITUTIONS = ("民政职业大学", "开放大学", "师范大学")
SW_SUBJECTS = (
    *(["sw_practice"],) * 2,
    ["sw_knowledge"],
    ["sw_ethics"],
    ["sw_knowledge", "sw_practice"],
    ["sw_supervision", "general"],
)
OTHER_UNITS = {"class_hour": ("hour", "hour", "day"), "hour": ("class_hour", "class_hour", "day")}
COURSES = ("个案工作实务", "小组工作方法", "社区工作方法", "社会工作伦理", "老年社会工作", "儿童社会工作", "督导实务")
PROVIDERS = ("社会工作协会", "民政干部学校", "社区学院")
TASKS = ("帮困扶弱", "心理疏导", "矛盾调处", "社区矫正", "社会融入")
SERVICE_FIELDS = ("老年人服务", "儿童青少年服务", "残疾人服务")
PROJECTS = ("五社联动项目", "社区营造项目")
METHODS = ("公开招聘", "竞争上岗")
CHANNELS = ("服务热线", "来信来访")
