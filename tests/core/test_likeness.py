"""The same thing told in other words is found; other things in the same words are not."""

from __future__ import annotations

from dingzi.core.likeness import Corpus

TOLD = [
    ("丽苑小区附近建搅拌站噪音扰民", "搅拌站彻夜施工，灰尘和噪音让人睡不着，请查处。"),
    ("丽苑小区旁违建搅拌站，灰尘污染", "我们小区旁边的搅拌站没有手续，灰尘很大，夜里也在施工。"),
    ("投诉丽苑小区搅拌站夜间施工", "夜里两点还在施工，搅拌站的灰尘飘进屋里。"),
    ("滨河园小区捆绑销售车位", "开发商要求买房必须买车位，十八万一个。"),
    ("滨河园车位捆绑销售合法吗", "买房时被要求同时认购车位，不买车位不给签合同。"),
    ("请问公积金怎么提取", "我想提取公积金还房贷，要带什么材料？"),
    ("楼上漏水没人管", "楼上卫生间漏水，天花板鼓包，物业不理。"),
    ("广场舞音量太大", "每天晚上九点以后还在跳，孩子没法睡觉。"),
]


def corpus() -> Corpus[int]:
    made: Corpus[int] = Corpus()
    for i, (title, text) in enumerate(TOLD):
        made.add(i, title, text)
    return made


def test_groups_are_the_things_told_about() -> None:
    """Three tell of the mixing plant, two of the parking spaces; the rest stand alone."""
    found = [sorted(g) for g in corpus().groups(least=0.2) if len(g) > 1]
    assert found == [[0, 1, 2], [3, 4]]


def test_likeness_is_symmetric_and_one_for_itself() -> None:
    """Order does not matter, and nothing is more alike than the same."""
    made = corpus()
    for a in range(len(TOLD)):
        assert abs(made.likeness(a, a) - 1) < 1e-9
        for b in range(len(TOLD)):
            assert made.likeness(a, b) == made.likeness(b, a)
            assert 0 <= made.likeness(a, b) <= 1 + 1e-9


def test_nearest_names_the_likeliest_first_and_nothing_else() -> None:
    """Only what is alike enough is proposed."""
    made = corpus()
    assert {k for k, _ in made.nearest(0, least=0.2)} == {1, 2}
    assert made.nearest(5, least=0.2) == []


def test_empty_texts_are_like_nothing() -> None:
    """A matter without words joins no group."""
    made: Corpus[str] = Corpus()
    made.add("a", "", "")
    made.add("b", "", "")
    assert [len(g) for g in made.groups()] == [1, 1]
