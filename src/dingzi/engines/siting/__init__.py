"""Which sites are open and who goes where: p-median, covering, capacitated, and a city's schools."""

from .city import CityPlan, CityProblem, CitySettings
from .city_checking import check as check_city
from .city_deciding import decide as decide_city
from .facility import FacilityProblem, FacilitySettings, Plan
from .facility_checking import check as check_facility
from .facility_deciding import decide as decide_facility
from .forecast import Forecast, forecast

__all__ = [
    "CityPlan",
    "CityProblem",
    "CitySettings",
    "FacilityProblem",
    "FacilitySettings",
    "Forecast",
    "Plan",
    "check_city",
    "check_facility",
    "decide_city",
    "decide_facility",
    "forecast",
]
