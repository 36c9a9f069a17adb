"""The languages in which the service speaks. Pure."""

from typing import Literal, TypeAlias

Lang: TypeAlias = Literal["zh", "en"]
