"""What the city tells of its own articles: how many, whether their numbers hold, what was corrected."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Share, Sum
from dingzi.figures.populations import Population
from dingzi.figures.registry import register

from .models import Article

SINCE = date(2025, 1, 1)
PIECES = Text("篇", "articles")

published = Population("articles.published", Article, "published_on", "发布", "Published")
sound = published.only(
    "articles.sound", Q(differs=0), zh="没有不符的数字", en="No number differs"
)  # fmt: skip
corrected = Population("articles.corrected", Article, "corrected_on", "更正过", "Corrected")

published_count = Count(
    "articles.published",
    zh="发布的文章",
    en="Articles published",
    also=["发文数"],
    means=Text("发布了多少篇文章，后来撤下的也算。", "How many articles were published, also those withdrawn later."),
    unit=PIECES,
    of=published,
    since=SINCE,
)  # fmt: skip
sound_share = Share(
    "articles.sound_share",
    zh="文章数字全部相符的占比",
    en="Articles whose numbers all hold",
    also=["文章数字相符率"],
    means=Text(
        "发布的文章里，没有一个数字和记录不符的占多少。没有记录可比的数字不算不符。",
        "Of the articles published, the share in which no number differs from the record. "
        "A number that no record tells of does not count as differing.",
    ),
    of=sound,
    over=published,
    since=SINCE,
    good="up",
)
corrected_count = Sum(
    "articles.corrected_numbers",
    zh="文章里更正的数字",
    en="Numbers corrected in articles",
    also=["更正数字数"],
    means=Text(
        "文章发布以后改了多少个数字，算在文章最近一次更正的那天。",
        "How many numbers were changed after publication, counted on the day of the article's latest correction.",
    ),
    note=Text(
        "多不一定不好：错了改、改了写明，比错着强。",
        "Many need not be bad: a mistake that is corrected in the open is better than one that stays.",
    ),
    unit=Text("个", "numbers"),
    of=corrected,
    column="corrections",
    since=SINCE,
)
register("articles", published_count, sound_share, corrected_count)
