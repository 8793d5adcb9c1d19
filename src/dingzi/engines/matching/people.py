"""Who seeks work, what is offered, and how far it is: the problem as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import checked
from ..errors import BadProblem

#: wages up to 1,000,000 yuan a month; more is a slip of the keyboard
MOST_FEN = 100_000_000
MOST_MINUTES = 24 * 60
MOST_HOURS = 168
MOST_YEARS = 80
MOST_EDUCATION = 15
MOST_CERTIFICATES = 2**48 - 1
MOST_SHIFTS = 2**8 - 1
MOST_SEATS = 1_000_000
MOST_CATEGORIES = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Travel:
    """Places and the ways between them.

    Parameters
    ----------
    minutes : (P, P) int16, door to door from the row's place to the column's; -1 where no way is.
    area : (P,) int16, the district in which each place lies.
    """

    minutes: NDArray[np.int16]
    area: NDArray[np.int16]

    def __post_init__(self) -> None:
        places = len(self.area)
        checked(self, "area", np.int16, 0, 2**15 - 1, (places,))
        checked(self, "minutes", np.int16, -1, MOST_MINUTES, (places, places))

    @property
    def places(self) -> int:
        return len(self.area)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seekers:
    """S people who seek work; what they can do and what they ask.

    Parameters
    ----------
    place : (S,) int32, where each lives.
    area : (S,) int16, the only district in which he would work; -1 for any.
    most_minutes : (S,) int16, the longest way to work.
    least_wage_fen : (S,) int32, the lowest wage a month.
    education : (S,) int8, rank of the education finished, 0 the lowest.
    certificates : (S,) int64, one bit for each certificate held (48).
    experience_years : (S,) int8.
    shifts : (S,) int16, one bit for each shift he can work (8).
    most_weekly_hours : (S,) int16.
    category : (S,) int8, for which seats may be reserved; -1 for none.
    guaranteed : (S,) bool, must get a seat (method ``assignment`` only).
    want_offsets : (S+1,) int64 and want_codes : (W,) int64, the occupations each wants, as
        numbers of any level (``occupations.number``): a group stands for all below it.
    """

    place: NDArray[np.int32]
    area: NDArray[np.int16]
    most_minutes: NDArray[np.int16]
    least_wage_fen: NDArray[np.int32]
    education: NDArray[np.int8]
    certificates: NDArray[np.int64]
    experience_years: NDArray[np.int8]
    shifts: NDArray[np.int16]
    most_weekly_hours: NDArray[np.int16]
    category: NDArray[np.int8]
    guaranteed: NDArray[np.bool_]
    want_offsets: NDArray[np.int64]
    want_codes: NDArray[np.int64]

    def __post_init__(self) -> None:
        count = (len(self.place),)
        checked(self, "place", np.int32, 0, 2**31 - 1, count)
        checked(self, "area", np.int16, -1, 2**15 - 1, count)
        checked(self, "most_minutes", np.int16, 0, MOST_MINUTES, count)
        checked(self, "least_wage_fen", np.int32, 0, MOST_FEN, count)
        checked(self, "education", np.int8, 0, MOST_EDUCATION, count)
        checked(self, "certificates", np.int64, 0, MOST_CERTIFICATES, count)
        checked(self, "experience_years", np.int8, 0, MOST_YEARS, count)
        checked(self, "shifts", np.int16, 0, MOST_SHIFTS, count)
        checked(self, "most_weekly_hours", np.int16, 0, MOST_HOURS, count)
        checked(self, "category", np.int8, -1, MOST_CATEGORIES - 1, count)
        checked(self, "guaranteed", np.bool_, 0, 1, count)
        wants = len(self.want_codes)
        checked(self, "want_codes", np.int64, 1_000_000, 8_999_999, (wants,))
        checked(self, "want_offsets", np.int64, 0, wants, (count[0] + 1,))
        steps = np.diff(self.want_offsets)
        if (steps < 0).any() or self.want_offsets[0] != 0 or self.want_offsets[-1] != wants:
            raise BadProblem("Seekers", None, "matching_offsets", {"name": "want_offsets"})

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vacancies:
    """V vacancies; what each asks and gives.

    Parameters
    ----------
    place : (V,) int32.
    occupation : (V,) int64, its number in the classification.
    wage_fen : (V,) int32, the least that is paid a month.
    education, experience_years : (V,) int8, the least that is asked.
    certificates : (V,) int64, shifts : (V,) int16, all bits that are asked.
    weekly_hours : (V,) int16.
    seats : (V,) int32.
    reserved : (V, C) int32, seats kept for each category; together no more than ``seats``.
    conditions : further conditions of the notice, as (vacancy, kind); those of a kind that the
        rule book forbids shut the vacancy out.
    """

    place: NDArray[np.int32]
    occupation: NDArray[np.int64]
    wage_fen: NDArray[np.int32]
    education: NDArray[np.int8]
    certificates: NDArray[np.int64]
    experience_years: NDArray[np.int8]
    shifts: NDArray[np.int16]
    weekly_hours: NDArray[np.int16]
    seats: NDArray[np.int32]
    reserved: NDArray[np.int32]
    conditions: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        count = (len(self.place),)
        checked(self, "place", np.int32, 0, 2**31 - 1, count)
        checked(self, "occupation", np.int64, 1_000_000, 8_999_999, count)
        checked(self, "wage_fen", np.int32, 0, MOST_FEN, count)
        checked(self, "education", np.int8, 0, MOST_EDUCATION, count)
        checked(self, "certificates", np.int64, 0, MOST_CERTIFICATES, count)
        checked(self, "experience_years", np.int8, 0, MOST_YEARS, count)
        checked(self, "shifts", np.int16, 0, MOST_SHIFTS, count)
        checked(self, "weekly_hours", np.int16, 0, MOST_HOURS, count)
        checked_seats(self, count[0])
        for vacancy, kind in self.conditions:
            if not 0 <= vacancy < count[0]:
                fault = {"found": vacancy, "kind": kind}
                raise BadProblem("Vacancies", None, "matching_condition_vacancy", fault)

    def __len__(self) -> int:
        return len(self.place)


def checked_seats(owner: Any, count: int) -> None:
    """Check ``seats`` and ``reserved`` of V vacancies."""
    where = type(owner).__name__
    checked(owner, "seats", np.int32, 0, MOST_SEATS, (count,))
    categories = owner.reserved.shape[1] if owner.reserved.ndim == 2 else 0
    checked(owner, "reserved", np.int32, 0, MOST_SEATS, (count, categories))
    if categories > MOST_CATEGORIES:
        raise BadProblem(where, None, "matching_categories", {"most": MOST_CATEGORIES})
    over = owner.reserved.sum(axis=1) > owner.seats
    if over.any():
        row = int(np.argmax(over))
        fault = {
            "row": row,
            "reserved": int(owner.reserved[row].sum()),
            "seats": int(owner.seats[row]),
        }
        raise BadProblem(where, None, "matching_reserved", fault)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Names:
    """What seekers and vacancies are called in reasons and results: (S,) and (V,) str."""

    seekers: NDArray[np.object_]
    vacancies: NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JobsProblem:
    """People, vacancies and the ways between them; without names their numbers are told."""

    seekers: Seekers
    vacancies: Vacancies
    travel: Travel
    names: Names | None = None

    def __post_init__(self) -> None:
        for where, group in (("Seekers", self.seekers), ("Vacancies", self.vacancies)):
            if len(group) and int(group.place.max()) >= self.travel.places:
                row = int(np.argmax(group.place >= self.travel.places))
                fault = {
                    "name": "place",
                    "row": row,
                    "found": str(group.place[row]),
                    "low": 0,
                    "high": self.travel.places - 1,
                }
                raise BadProblem(where, None, "array_range", fault)
