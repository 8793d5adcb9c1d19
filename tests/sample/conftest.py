from collections.abc import Iterator

import pytest

from dingzi import matters
from dingzi.city import directory
from dingzi.city.viewer import PUBLIC
from tests.world import TOWN, World, build


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def filed(world: World) -> str:
    """Number of a real dispute."""
    data = {"text": "楼上水管漏水，天花板受损。", "place": TOWN}
    return matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number


@pytest.fixture(autouse=True)
def _read_the_city_again() -> Iterator[None]:
    """Each test rolls its city back; what is kept in memory of it must go too."""
    directory.forget()
    yield
    directory.forget()
