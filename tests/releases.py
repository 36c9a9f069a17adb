"""Releases that have not been: what the versions of event types promise is tried on them."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from contracts.events.catalogue import ALL_TYPES, Broken, TrainingCompleted
from contracts.events.values import Text
from contracts.events.versions import VERSIONS, Step, Versions

TRAINING = "training.completed"


class InALanguage(TrainingCompleted, frozen=True):
    """The next version of a training: it says in which language it was held."""

    language: Text = "zh"


class InALanguageForPay(InALanguage, frozen=True):
    """The one after: it may have a price, and takes less than before."""

    price: Annotated[int, Meta(ge=0)] | UnsetType = UNSET

    def check(self) -> None:
        if self.language == "zh":
            raise Broken("/language", "must be told")


TODAY = VERSIONS
TOMORROW = Versions({**ALL_TYPES, TRAINING: InALanguage}, [Step(TRAINING, TrainingCompleted)])
LATER = Versions(
    {**ALL_TYPES, TRAINING: InALanguageForPay}, [Step(TRAINING, TrainingCompleted), Step(TRAINING, InALanguage)]
)
