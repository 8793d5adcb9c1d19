"""Pages by key: nothing missed, nothing twice, whatever the branches and directions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dingzi.core import keyset
from dingzi.core.errors import Invalid
from dingzi.core.models import Blob

START = datetime(2025, 9, 26, tzinfo=UTC)
NEWEST = ("-created_at", "-digest")


def fill(count):
    """``count`` rows, three of each time, sizes 0 to 4 in turn."""
    Blob.objects.bulk_create(
        Blob(digest=f"{n:04}", size=n % 5, media_type="even" if n % 2 == 0 else "odd")
        for n in range(count)
    )
    for n in range(count):
        Blob.objects.filter(digest=f"{n:04}").update(created_at=START + timedelta(hours=n // 3))


def walk(branches, order, size):
    """All pages from the first to the last, then back; both as lists of digests."""
    there, page = [], keyset.page(branches, order, size=size)
    assert page.previous is None
    while True:
        there.append([item.digest for item in page])
        if page.next is None:
            break
        page = keyset.page(branches, order, after=page.next, size=size)
    back = [[item.digest for item in page]]
    while page.previous is not None:
        page = keyset.page(branches, order, before=page.previous, size=size)
        back.insert(0, [item.digest for item in page])
    return there, back


def flat(pages):
    return [item for page in pages for item in page]


@pytest.mark.parametrize(
    "order",
    [
        NEWEST,
        ("created_at", "digest"),
        ("-size", "digest"),
        ("size", "-created_at", "digest"),
        ("-digest",),
    ],
)
@pytest.mark.parametrize("size", [1, 4, 7, 22, 23, 50])
def test_a_walk_sees_everything_once(db, order, size):
    """Forward and back, with equal keys, in equal and mixed directions."""
    fill(22)
    expected = list(Blob.objects.order_by(*order).values_list("digest", flat=True))
    there, back = walk(Blob.objects.all(), order, size)
    assert flat(there) == expected
    assert back == there


def test_rows_are_taken_by_their_keys(db):
    """Branches that are asked for keys alone give the same pages."""
    fill(30)
    branches = [Blob.objects.filter(size__lte=2), Blob.objects.filter(size__gte=2)]
    whole = keyset.page(branches, NEWEST, size=7)
    keys = keyset.page(branches, NEWEST, size=7, rows=Blob.objects.all())
    assert keys == whole
    assert len(keys) == 7
    onward = keyset.page(branches, NEWEST, after=keys.next, size=7, rows=Blob.objects.all())
    assert onward == keyset.page(branches, NEWEST, after=whole.next, size=7)


def test_branches_are_merged(db):
    """What stands in two branches is shown once and in its place."""
    fill(30)
    branches = [
        Blob.objects.filter(size__lte=2),
        Blob.objects.filter(size__gte=2),
        Blob.objects.filter(media_type="odd"),
    ]
    there, back = walk(branches, NEWEST, 4)
    assert flat(there) == list(Blob.objects.order_by(*NEWEST).values_list("digest", flat=True))
    assert back == there


def test_a_row_added_meanwhile_shifts_nothing(db):
    """New rows above a page do not push rows from it onto the next one."""
    fill(9)
    first = keyset.page(Blob.objects.all(), NEWEST, size=4)
    Blob.objects.create(digest="new", size=1, media_type="odd")
    second = keyset.page(Blob.objects.all(), NEWEST, after=first.next, size=4)
    assert [item.digest for item in second] == ["0004", "0003", "0002", "0001"]


def test_an_empty_list(db):
    """Nothing has neither next nor previous."""
    page = keyset.page(Blob.objects.all(), NEWEST)
    assert (page.items, page.next, page.previous, len(page)) == ([], None, None, 0)


def test_one_query_a_branch_and_none_for_counting(db):
    """A page costs one limited query for each branch."""
    fill(12)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = keyset.page([Blob.objects.all(), Blob.objects.filter(size=1)], NEWEST, size=3)
        keyset.page(Blob.objects.all(), NEWEST, after=page.next, size=3)
    assert len(queries) == 3
    assert all("LIMIT 4" in query["sql"] and "COUNT" not in query["sql"] for query in queries)
    assert '"created_at", "core_blob"."digest") < (' in queries[2]["sql"]


def cursors():
    fill(6)
    page = keyset.page(Blob.objects.all(), NEWEST, size=3)
    other = keyset.page(Blob.objects.all(), ("size", "digest"), size=3)
    sign = signing.Signer(salt="dingzi.keyset").sign_object
    return [
        "x",
        "\x00",
        "-1' OR 1=1 --",
        page.next[:-1] + ("A" if page.next[-1] != "A" else "B"),
        other.next,
        signing.Signer(salt="other").sign_object([",".join(NEWEST), 1, 2]),
        sign([",".join(NEWEST)]),
        sign([",".join(NEWEST), {"t": "never"}, "1"]),
        sign({"a": 1}),
        sign([]),
    ]


@pytest.mark.parametrize("way", ["after", "before"])
def test_bad_cursors_are_refused(db, way):
    """A cursor that we did not write, or wrote for another list, is named as such."""
    for cursor in cursors():
        with pytest.raises(Invalid) as caught:
            keyset.page(Blob.objects.all(), NEWEST, **{way: cursor})
        assert caught.value.reasons == (("bad_cursor", {"field": way}),)


def test_both_directions_at_once_are_refused(db):
    """A page lies after or before a place."""
    fill(6)
    cursor = keyset.page(Blob.objects.all(), NEWEST, size=3).next
    with pytest.raises(Invalid):
        keyset.page(Blob.objects.all(), NEWEST, after=cursor, before=cursor)


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 7))
def test_merging_is_sorting(values, size):
    """Falling keys sort the other way round, equal ones are equal."""
    falling = sorted(map(keyset._Falling, values))
    assert [item.value for item in falling] == sorted(values, reverse=True)


def test_dates_and_moments_survive_a_cursor():
    """A cursor gives back what was put in, to the microsecond."""
    place = [datetime(2025, 9, 26, 1, 2, 3, 4, tzinfo=UTC), date(2025, 9, 26), 1]
    order = ("created_at", "media_type", "size")
    assert keyset._read(keyset._write(place, order), order, "after") == place


@pytest.mark.parametrize(
    ("rows", "cap", "counted"),
    [(0, 5, (0, False)), (5, 5, (5, False)), (6, 5, (5, True)), (9, 5, (5, True))],
)
def test_counting_stops_at_the_cap(db, rows, cap, counted):
    """A large number is not worth its price; "more than" is."""
    fill(rows)
    with CaptureQueriesContext(connection) as queries:
        assert keyset.capped_count(Blob.objects.order_by("-size"), cap) == counted
    assert "LIMIT 6" in queries[0]["sql"]
    assert "ORDER BY" not in queries[0]["sql"]
