"""Search: what is found, by whom, in which order, and that erasure leaves nothing."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dingzi.core import search
from dingzi.core.models import SearchEntry
from dingzi.core.search import storage, tokens

TEXTS = {
    1: "隔壁装修噪音扰民",
    2: "小区物业乱收费，电话 0795-3588888",
    3: "袁纠〔2025〕4172号 隔壁漏水",
    4: "ＡＢＣ公司拖欠工资 Payment overdue",
    5: "龙王庙镇 0042号，𠮷野家旁；WiFi6路由器",
}


@pytest.fixture
def entries(db):
    search.put(
        search.rows(number, [text], [f"c:{360900 + number % 2}", f"u:{number}"])
        for number, text in TEXTS.items()
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("隔壁", [3, 1]),
        ("隔壁装修", [1]),
        ("装修 隔壁", [1]),
        ("装修，隔壁！", [1]),
        ("壁装", [1]),
        ("4172", [3]),
        ("04172", [3]),
        ("42", [5]),
        ("0042", [5]),
        ("417", []),
        ("袁纠〔2025〕4172号", [3]),
        ("袁纠（2025）4172号", [3]),
        ("袁纠[2025]4172 号", [3]),
        ("ABC", [4]),
        ("ａｂｃ 公司", [4]),
        ("payment OVERDUE", [4]),
        ("pay", []),
        ("𠮷野", [5]),
        ("wifi 6", [5]),
        ("没有的词", []),
        ("隔壁 没有的词", []),
        ("c:360901", []),
        ("u 1", []),
        ("隔壁 OR 物业", []),
        ('隔壁" OR "物业', []),
        ("隔壁' | '物业", []),
        ("隔壁* NEAR(装修) ^ - :", []),
        ("隔壁\x00", [3, 1]),
    ],
)
def test_finds(entries, query, ids):
    """Every part of the query must be there, in any order, width and case; nothing is syntax."""
    assert search.match(query) == search.Found(ids, more=False)


@pytest.mark.parametrize(
    "query", ["", " ", "水", "水 火", "，。！？", "〔〕", "😀", "\x00", "'\"\\", "_"]
)
def test_what_cannot_be_searched_says_so(entries, query):
    """A single character or mere punctuation finds nothing, in no time, and is not "no hits"."""
    with CaptureQueriesContext(connection) as queries:
        assert search.match(query) == search.Found([], more=False, searchable=False)
    assert len(queries) == 0


def test_a_single_character_beside_a_word_is_passed_over(entries):
    """水 alone cannot be looked up; 隔壁 水 looks for 隔壁."""
    assert search.match("隔壁 水").ids == [3, 1]


def test_scopes_filter(entries):
    """What the viewer may not see is not found and not counted."""
    assert search.match("隔壁", {"c:360901"}).ids == [3, 1]
    assert search.match("隔壁", {"u:1", "u:2"}).ids == [1]
    assert search.match("隔壁", ["u:3"]) == search.Found([3], more=False)
    assert search.match("隔壁", {"c:360900"}).ids == []
    assert search.match("隔壁", set()).ids == []


@pytest.mark.parametrize("scope", ["", "c", "c:", ":1", "c:1 OR", "c:1'", "C:1", "县:1", "c:1:2"])
def test_malformed_scopes_are_refused(db, scope):
    """A scope is never taken from outside unread."""
    with pytest.raises(ValueError, match="no scope"):
        search.rows(1, ["a"], [scope])
    with pytest.raises(ValueError, match="no scope"):
        search.match("ab", {scope})


def test_newest_first_page_by_page(db):
    """Hits come by falling id, in pages without a gap, however far apart the ids lie."""
    ids = [*range(1, 40), 300, 5_000, 70_000, 2_100_000, 2_100_001, 40_000_000]
    search.put(search.rows(number, ["噪音扰民"], []) for number in ids)
    seen, before = [], None
    while True:
        found = search.match("噪音", before=before, limit=7)
        seen += found.ids
        assert found.more is (len(seen) < len(ids))
        if not found.more:
            break
        before = found.ids[-1]
    assert seen == sorted(ids, reverse=True)
    assert search.match("噪音", before=10**18, limit=1).ids == [40_000_000]
    assert search.match("噪音", before=1).ids == []
    assert search.match("噪音", before=-5).ids == []


def test_an_entry_is_replaced(entries):
    """What a matter no longer says, and where it no longer lies, does not find it."""
    search.put([search.rows(1, ["楼上漏水"], ["u:9"])])
    assert search.match("隔壁").ids == [3]
    assert search.match("漏水").ids == [3, 1]
    assert search.match("漏水", {"u:1"}).ids == []
    assert search.match("漏水", {"u:9"}).ids == [1]


def test_the_last_of_a_batch_counts(db):
    """Two entries of one matter in one batch: the later one stays."""
    search.put([search.rows(1, ["隔壁装修"], []), search.rows(1, ["楼上漏水"], [])])
    assert (search.match("装修").ids, search.match("漏水").ids) == ([], [1])


def test_many_at_once(db, monkeypatch):
    """Batches of any length are written, replaced and deleted."""
    monkeypatch.setattr("dingzi.core.search.index._BATCH", 7)
    for word in ("噪音", "漏水"):
        search.put(search.rows(number, [word, str(number)], []) for number in range(1, 101))
    assert search.match("噪音").ids == []
    assert len(search.match("漏水", limit=200)) == 100
    assert search.match("77").ids == [77]
    search.delete(range(1, 96))
    assert search.match("漏水").ids == [100, 99, 98, 97, 96]
    assert SearchEntry.objects.count() == 5
    search.put([])
    search.delete([])


def test_writing_an_entry_is_one_statement(db):
    """An act pays one query for its search entry."""
    with CaptureQueriesContext(connection) as queries:
        search.put([search.rows(1, ["噪音"], [])])
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1


def test_finding_is_two_statements_at_most(entries):
    """A search page pays one query on SQLite, two on PostgreSQL."""
    with CaptureQueriesContext(connection) as queries:
        search.match("隔壁", {"c:360901"})
    assert len(queries) == (2 if connection.vendor == "postgresql" else 1)


def test_erasure_leaves_nothing(transactional_db):
    """After deletion and purge no token of an erased entry is in the database or its files."""
    secret = "zqxsecretword"
    others = [search.rows(number, [f"噪音 number{number}"], []) for number in range(2, 400)]
    search.put([search.rows(1, ["噪音", secret], [])])
    for other in others:
        search.put([other])
    search.delete([1])
    search.purge()
    assert search.match(secret).ids == []
    assert len(search.match("噪音", limit=500)) == len(others)
    if connection.vendor != "sqlite":
        assert not SearchEntry.objects.filter(matter=1).exists()
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone()[0] == 1
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(connection.settings_dict["NAME"])
    for file in path.parent.glob(path.name + "*"):
        assert secret.encode() not in file.read_bytes(), file.name
        assert secret[2:].encode() not in file.read_bytes(), file.name


def test_purging_an_empty_index(db):
    """There may be nothing to do."""
    search.purge()


# ---- tokens ------------------------------------------------------------------------------------

texts = st.text(
    st.sampled_from("甲乙丙丁天地玄黄 ，。〔〕0129aBzＡ１\t\n-_é한글かな😀"), max_size=30
)


@given(texts)
def test_a_text_is_found_by_itself(text):
    """The tokens of a query are among those of the text it is copied from."""
    assert set(tokens.cut_query(text)) <= tokens.cut(text)


@given(texts | st.text(max_size=40))
def test_a_plain_text_is_cut_as_a_normalised_one(text):
    """Where normalising is left out it would have changed no token."""
    assert tokens.cut(text) == tokens.cut(tokens.normalise(text))


@given(texts, texts)
def test_a_part_of_a_text_finds_it_where_words_are_whole(left, right):
    """Joining texts with a space between loses no token."""
    assert tokens.cut(left) | tokens.cut(right) <= tokens.cut(f"{left} {right}")


@given(st.text(max_size=40))
def test_tokens_hold_no_syntax(text):
    """Whatever is typed, no token holds what either database would read as more than a token."""
    for token in tokens.cut(text):
        assert not set(token) & set("\"'\\ ()|&!*:<>\x00")
        assert 0 < len(token) <= 40
    assert len(tokens.cut_query(text * 20)) <= 24


def test_long_runs_are_cut():
    """A text of any length, a word of any length."""
    assert tokens.cut("x" * 1000) == {"x" * 40}
    assert tokens.cut_query("x" * 1000) == ["x" * 40]
    assert len(tokens.cut("甲乙丙丁" * 10_000)) == 4


@given(st.integers(1, 2**36 - 1))
def test_windows_cover_every_id_once(top):
    """Each id below the top lies in exactly one window, newer ones in earlier windows."""
    seen = set()
    blocks = [set(window) for window in storage.windows(top)]
    for matter in {top - 1, top // 2, top // 9, top - 1 - top % 4096, 0}:
        if 0 <= matter < top:
            found = [n for n, window in enumerate(blocks) if window & set(storage.blocks(matter))]
            assert len(found) == 1, matter
            seen.add((-matter, found[0]))
    order = [window for _, window in sorted(seen)]
    assert order == sorted(order)
    assert all(len(window) <= 70_000 for window in blocks)


@given(st.text(min_size=1, max_size=6))
def test_hashes_and_blocks_do_not_meet(token):
    """A word never looks like a block of ids; both fit PostgreSQL's integer."""
    assert -(2**31) <= storage.hashed(token) < 0
    assert all(0 <= block < 2**31 for block in storage.blocks(2**36 - 1))


# ---- snippets ----------------------------------------------------------------------------------


def marked(text, query, length=80):
    return "".join(
        f"[{part}]" if hit else part for part, hit in search.snippet(text, query, length)
    )


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("隔壁装修噪音", "装修", "隔壁[装修]噪音"),
        ("隔壁装修噪音", "装修噪音", "隔壁[装修噪音]"),
        ("隔壁装修，装修队", "装修", "隔壁[装修]，[装修]队"),
        ("ＡＢＣ公司", "abc", "[ＡＢＣ]公司"),
        ("abcd abc", "abc", "abcd [abc]"),
        ("14172 4172 04172", "4172", "14172 [4172] 0[4172]"),
        ("25㎡单价", "25", "[25]㎡单价"),
        ("㎡单价", "㎡", "[㎡]单价"),
        ("<b>装修</b>", "装修", "<b>[装修]</b>"),
        ("没有", "装修", "没有"),
        ("", "装修", ""),
        ("装修", "", "装修"),
        ("装修", "修", "装修"),
    ],
)
def test_snippets(text, query, shown):
    """Hits are marked in the text as it was written; templates escape the parts."""
    assert marked(text, query) == shown


def test_a_snippet_of_a_long_text():
    """The first hit with a little before it, cut at both ends."""
    assert (
        marked("前" * 50 + "装修" + "后" * 50, "装修", 30)
        == "…" + "前" * 7 + "[装修]" + "后" * 21 + "…"
    )
    assert marked("装修" + "后" * 50, "装修", 10) == "[装修]" + "后" * 8 + "…"
    assert marked("前" * 50 + "装修", "装修", 10) == "…" + "前" * 8 + "[装修]"


@given(st.text(max_size=60), st.text(max_size=10), st.integers(1, 50))
def test_a_snippet_is_a_part_of_the_text(text, query, length):
    """Whatever is asked, the parts joined are one piece of the text, no longer than wished."""
    parts = [part for part, _ in search.snippet(text, query, length)]
    whole = "".join(parts).removeprefix("…").removesuffix("…")
    assert whole in text or whole.strip("…") in text
    assert len("".join(parts)) <= length + 2


@pytest.mark.parametrize("turn", [1, 2])
def test_emptying_the_table_empties_the_index(transactional_db, turn):
    """What one test put in is not found by the next."""
    assert search.match("噪音").ids == []
    search.put([search.rows(turn, ["噪音"], [])])
