"""Which sites are open and who goes where: p-median, covering, capacitated, and a city's schools."""

from .facility import FacilityProblem, FacilitySettings, Plan
from .facility_checking import check as check_facility
from .facility_deciding import decide as decide_facility

__all__ = [
    "FacilityProblem",
    "FacilitySettings",
    "Plan",
    "check_facility",
    "decide_facility",
]
