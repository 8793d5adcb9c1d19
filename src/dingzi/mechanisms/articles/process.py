"""The processes of articles and of comments on them, all released versions."""

from pathlib import Path

from dingzi.matters import registry

from .models import Article, Comment

_FOLDER = Path(__file__).parent / "processes"
article = registry.register("article", _FOLDER, model=Article)
comment = registry.register("comment", _FOLDER, model=Comment)
