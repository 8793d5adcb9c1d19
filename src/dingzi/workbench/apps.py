from pathlib import Path

from django.apps import AppConfig
from django.urls import reverse


class WorkbenchConfig(AppConfig):
    name = "dingzi.workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        from dingzi.core import reasons
        from dingzi.ledger import erasing
        from dingzi.ui import frames

        from . import desk, exports, rail

        erasing.also(exports.forget)
        frames.connect(
            frames.DESK,
            frames.Frame(
                base="ui/work.html",
                around=lambda request, current: rail.around(
                    request, desk.viewer_of(request), current, None
                ),
                refused=desk.refused,
                matter_url=lambda number: reverse("workbench:case", args=[number]),
            ),
        )
        reasons.load(Path(__file__).parent / "words.yaml")
