"""Articles, as the doors see them."""

from __future__ import annotations

from dingzi.core.registry import Mechanism, Pages, register
from dingzi.core.text import Text

from . import selectors
from .process import article
from .sample import after

CATEGORIES = next(
    f for f in article.latest.actions["write"].fields if f.name == "category"
).choices  # fmt: skip

articles = Mechanism(
    name="articles",
    title=Text("文章", "Articles"),
    process="article",
    icon="file-text",
    about=Text(
        "写给市民看的文章。文中每个数都和记录核对，更正公开写明。",
        "What the city writes for its citizens. Every number is checked, every correction told.",
    ),
    categories=CATEGORIES,
    opening="write",
    after=after,
    order=90,
    pages=Pages(
        public="dingzi.mechanisms.articles.urls",
        desk="dingzi.mechanisms.articles.urls.desk",
        nav=Text("文章", "Articles"),
        nav_url="articles:list",
        new_url="articles_desk:write",
        acts={"rewrite": "articles_desk:edit", "amend": "articles_desk:edit"},
        preview="articles_desk:preview",
        from_text="articles_desk:from_text",
        home=selectors.home,
        home_template="articles/home.html",
        find=selectors.find,
    ),
)
register(articles)
