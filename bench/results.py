"""A figure beside another from the same run, and whether a bar holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """`bare` is the same work done without the service, None where there is none to compare with; `ratio` is ours to
    it. Without a bar `holds` is None."""

    name: str
    ours: float
    bare: float | None
    unit: str
    ratio: float | None = None
    bar: str = ""
    holds: bool | None = None

    def line(self) -> str:
        """Return the result as one line."""
        text = f"{self.name:32} {self.ours:12,.2f} {self.unit:9}"
        if self.bare is not None and self.ratio is not None:
            text += f" bare {self.bare:12,.2f}   ratio {self.ratio:.2f}"
        if self.holds is not None:
            text += f"   ({self.bar}: {'holds' if self.holds else 'MISSED'})"
        return text
