import pytest

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from tests.world import TOWN, World, build


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def filed(world: World) -> str:
    """Number of a dispute just filed on the web."""
    data = {"text": "楼上水管漏水，天花板受损。", "place": TOWN, "phone": "13800006620"}
    return matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
