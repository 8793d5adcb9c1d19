"""The same thing told in other words is found; other things in the same words are not."""

from __future__ import annotations

from random import Random

from dingzi.core.likeness import Corpus, shared

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


def many() -> Corpus[int]:
    """Seven tell of one plant, the last under a title that says nothing of it; forty of others."""
    made = corpus()
    ways = ("粉尘大", "噪音大", "夜间施工", "污水横流", "离住宅太近", "没有手续")
    for n, way in enumerate(ways, 100):
        made.add(n, f"丽苑小区搅拌站{way}", f"丽苑小区旁边的搅拌站{way}，业主开不了窗，请查处。")
    made.add(
        200, "求领导给我们一个说法", "丽苑小区旁边的搅拌站，说过要停，业主又等了半年，请查处。"
    )
    random = Random(1)
    for n in range(300, 340):
        words = "".join(chr(random.randrange(0x4E00, 0x9000)) for _ in range(60))
        made.add(n, words[:12], words[12:])
    return made


def test_who_tells_of_the_same_in_other_words_joins_the_group() -> None:
    """A title that says nothing of the plant, but a text that holds what all of them hold."""
    group = next(g for g in many().groups() if 100 in g)
    assert {100, 101, 102, 103, 104, 105, 200} <= set(group)
    assert not {3, 4, 5, 6, 7, 300, 339} & set(group)
    assert many().likeness(100, 200) < 0.26


def test_every_text_is_in_one_group() -> None:
    """Nothing is lost or shown twice, whatever is joined."""
    made = many()
    found = [key for group in made.groups() for key in group]
    assert sorted(found) == sorted(made)


def test_what_texts_share_is_said_in_whole_pieces() -> None:
    """The longest pieces that half of them hold, none within another."""
    titles = ["丽苑小区附近建搅拌站", "投诉丽苑小区的搅拌站", "丽苑小区太吵了", "搅拌站扰民"]
    assert shared(titles) == ["丽苑小区", "搅拌站"]
    assert shared(["甲", "乙"]) == []
