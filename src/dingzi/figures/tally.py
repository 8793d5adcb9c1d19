"""What is kept of a set of rows so that sets can be added: count, sum, and how often each value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(slots=True)
class Tally:
    """Of the rows that have a value: their number, its sum, and number of rows by value.

    Durations are whole days, so keeping every value costs a few dozen entries and medians of any
    union of sets stay exact.
    """

    n: int = 0
    total: int = 0
    spread: dict[int, int] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        self.n += other.n
        self.total += other.total
        for value, count in other.spread.items():
            self.spread[value] = self.spread.get(value, 0) + count

    @classmethod
    def of(cls, values: Mapping[int, int]) -> Tally:
        """Return the tally of rows by value."""
        return cls(sum(values.values()), sum(v * n for v, n in values.items()), dict(values))

    @classmethod
    def sum(cls, tallies: Iterable[Tally]) -> Tally:
        found = cls()
        for one in tallies:
            found.add(one)
        return found

    def quantile(self, q: Fraction) -> int | None:
        """Return the least value that at least ``q`` of the rows do not exceed; None of no rows."""
        need = q * self.n
        seen = 0
        for value in sorted(self.spread):
            seen += self.spread[value]
            if seen >= need and seen > 0:
                return value
        return None

    def median(self) -> int | Fraction | None:
        """Return the middle value, or the mean of the two middle ones; None of no rows."""
        if not self.n:
            return None
        low, high = self._at((self.n - 1) // 2), self._at(self.n // 2)
        return low if low == high else Fraction(low + high, 2)

    def _at(self, index: int) -> int:
        seen = 0
        for value in sorted(self.spread):
            seen += self.spread[value]
            if seen > index:
                return value
        raise IndexError(index)
