"""Identifiers, units and the closed vocabularies that events are written in.

A pattern ends in `(?![\\s\\S])`, never in `$`: Python's `$` also matches before a final newline, and these patterns are
published in JSON Schema, where `\\Z` does not exist.
"""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

END = r"(?![\s\S])"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
MAX_ITEMS = 100
MAX_COUNTED = 99_999
MAX_TEXT_CHARACTERS = 500
# Category Cc, and the bidirectional controls that can make a text display as something else.
UNSAFE_CHARACTERS = r"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"

LEDGER_PATTERN = rf"^[a-z0-9][a-z0-9_-]{{0,62}}{END}"
DIGEST_PATTERN = rf"^sha256:[0-9a-f]{{64}}{END}"
PRACTITIONER_PATTERN = rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,63}}{END}"
JURISDICTION_PATTERN = rf"^[1-9][0-9]{{5}}{END}"
AMOUNT_PATTERN = rf"^(?!0+(\.0+)?{END})[0-9]{{1,5}}(\.[0-9]{{1,2}})?{END}"
SCORE_PATTERN = rf"^(100(\.0{{1,2}})?|[0-9]{{1,2}}(\.[0-9]{{1,2}})?){END}"
CODE_PATTERN = rf"^[a-z][a-z_]{{0,63}}{END}"
TEXT_PATTERN = rf"^[^{UNSAFE_CHARACTERS}]+{END}"

Day: TypeAlias = date
"""A civil date in China (Asia/Shanghai), 1900-01-01 to 2199-12-31. As a last day it is inclusive."""

Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT_CHARACTERS, pattern=TEXT_PATTERN)]
Amount = Annotated[
    str,
    Meta(
        pattern=AMOUNT_PATTERN,
        description="a decimal string above zero: up to five digits before the point and two after it",
    ),
]
Score = Annotated[str, Meta(pattern=SCORE_PATTERN, description="a decimal string from 0 to 100")]
Jurisdiction = Annotated[str, Meta(pattern=JURISDICTION_PATTERN, description="a six-digit code of GB/T 2260")]
Digest = Annotated[str, Meta(pattern=DIGEST_PATTERN)]
Code = Annotated[str, Meta(pattern=CODE_PATTERN, description="a code of a vocabulary that packs declare")]
PractitionerId = Annotated[str, Meta(pattern=PRACTITIONER_PATTERN)]
OrganizationId = Annotated[str, Meta(pattern=PRACTITIONER_PATTERN)]
StandardId = Annotated[str, Meta(pattern=PRACTITIONER_PATTERN)]

NATION = "100000"
"""The jurisdiction of the whole country, parent of every province."""

REGISTRATION_IN_TEXTS, CERTIFICATE_IN_TEXTS = "登记", "证书"
"""What a free text calls a registration, and a certificate."""

CertificateLevel = Literal["basic", "junior", "intermediate", "senior"]
ExamLevel = Literal["junior", "intermediate", "senior"]
ExamSubject = Literal["comprehensive", "practice", "law_and_policy"]
EducationLevel = Literal["secondary", "college", "bachelor", "master", "doctor"]
EducationField = Literal[
    "social_work", "sociology", "social_policy", "civil_affairs_management", "community_management", "other"
]
TrainingUnit = Literal["hour", "class_hour", "day"]
TrainingSubject = Literal["sw_knowledge", "sw_practice", "sw_ethics", "sw_supervision", "political", "general"]
EmployerType = Literal[
    "urban_community",
    "village",
    "public_institution",
    "social_organization",
    "social_work_agency",
    "charity",
    "enterprise",
    "government",
    "mass_organization",
]
Role = Literal["community_worker", "full_time_community_worker", "social_worker", "other"]
PostSeries = Literal["social_work", "other"]
SupervisorRank = Literal["junior", "intermediate", "senior"]
MoneyUnit = Literal["CNY_per_month", "CNY_per_year", "CNY_once"]
DeterminationId = Literal[
    "certificate",
    "recognition",
    "registration",
    "title",
    "exam.complete",
    "exam.entry",
    "certificate.senior_route",
    "grade",
    "talent",
    "talent.quality",
    "continuing_education.annual",
    "continuing_education.plan_period",
    "continuing_education.registration_term",
    "allowance",
    "benefit.child_education",
    "benefit.settlement",
    "benefit.apartment",
    "reward.new_talent",
    "reward.exam",
    "supervisor",
    "technical_staff",
    "professional_years",
]
