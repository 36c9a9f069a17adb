"""Invented later releases, on which the promises of event versions are tried."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from contracts.events.catalogue import ALL_TYPES, Broken, TrainingCompleted
from contracts.events.values import Text
from contracts.events.versions import VERSIONS, Step, Versions
from contracts.mistakes import phrase

TRAINING = "training.completed"


class InALanguage(TrainingCompleted, frozen=True):
    """The next version of a training, with its language."""

    language: Text = "zh"


class InALanguageForPay(InALanguage, frozen=True):
    """The version after that: it may have a price, and is stricter."""

    price: Annotated[int, Meta(ge=0)] | UnsetType = UNSET

    def check(self) -> None:
        if self.language == "zh":
            raise Broken("/language", phrase("empty"))


TODAY = VERSIONS
TOMORROW = Versions({**ALL_TYPES, TRAINING: InALanguage}, [Step(TRAINING, TrainingCompleted)])
LATER = Versions(
    {**ALL_TYPES, TRAINING: InALanguageForPay}, [Step(TRAINING, TrainingCompleted), Step(TRAINING, InALanguage)]
)
