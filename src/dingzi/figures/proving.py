"""What a value rests on: its definition, its period, and the head of the public log at the time.

Whoever has the log up to that head counts the same rows by the same definition (``recounting``); of
a number that may count confidential matters the proof says so, for the log shows nothing of these.
What a page shows at once counts acts that wait for their seal too; how many there are is said.
``prove`` asks the snapshots where there are any, and is exactly that of its tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dingzi.core.errors import Invalid, Refusal
from dingzi.ledger import receipts
from dingzi.ledger.models import Head
from dingzi.matters.models import Outbox

from . import asking, registry, snapshots
from .answers import Value
from .bounding import may_hide
from .declare import Figure
from .period import Period

if TYPE_CHECKING:  # DuckDB takes a while to load, and most pages do without
    from .snapshots.reading import Tree

FORM = "dingzi-figure-proof/1"
#: Waiting acts are counted up to here.
COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Proof:
    """A value beside the head of the log under which it was counted.

    Attributes
    ----------
    size : leaves under the head. root : 64 hexadecimal digits. origin : the log's name.
    waiting : acts that were counted and not sealed yet; `COUNTED` for so many or more.
    """

    value: Value
    origin: str
    size: int
    root: str
    waiting: int


def proof(value: Value, tree: Tree | None = None) -> Proof | None:
    """Return the proof of a value, as of ``tree`` where it was asked so; None where there is no
    number or no head yet."""
    head = receipts.head()
    if head is None or value.number is None:
        return None
    if tree is not None:
        return Proof(value, head.origin, tree.size, tree.root, 0)
    waiting = Outbox.objects.all()[:COUNTED].count()
    return Proof(value, head.origin, head.size, head.root.hex(), waiting)


def prove(
    name: str | Figure, period: Period, dims: asking.Asked | None = None, size: int | None = None
) -> Proof | None:
    """Return a value with its proof, as of ``size`` leaves or the newest signed head.

    Raises what `asking.value` raises; Refusal ``figures_no_snapshot`` and Invalid
    ``figures_no_such_tree`` for a size that cannot be asked for.
    """
    with at_head(size) as tree:
        value = asking.value(name, period, dims)
        return proof(value, tree)


def signed(size: int) -> int:
    """Return how many leaves the last signed head had when the log had ``size`` of them.

    Raises Refusal ``figures_no_snapshot``; Invalid ``figures_no_such_tree`` for more leaves than
    the snapshot has, or fewer than the first head.
    """
    _, taken = snapshots.lag()
    if not taken:
        raise Refusal.of("figures_no_snapshot")
    head = Head.objects.filter(size__lte=min(size, taken)).order_by("-size").first()
    if head is None or size > taken:
        raise Invalid.of("figures_no_such_tree", field="size", size=size, most=taken)
    return head.size


@contextmanager
def at_head(size: int | None = None) -> Iterator[Tree | None]:
    """Have questions answered as of a signed head; None where only live numbers are there.

    Raises Refusal ``figures_no_snapshot`` and Invalid ``figures_no_such_tree`` where a size is
    asked for that has no signed head.
    """
    with ExitStack() as stack:
        tree: Tree | None = None
        try:
            tree = stack.enter_context(snapshots.as_of(size))
        except Refusal:
            if size is not None:
                raise
        if tree is not None and not tree.root:
            if size is not None:
                near = signed(size)
                raise Invalid.of("figures_unsigned_tree", field="size", size=size, near=near)
            stack.close()
            tree = None
        yield tree


def document(one: Proof) -> dict[str, Any]:
    """Return a proof as plain values: what a file or the API gives."""
    value = one.value
    figure = registry.get(value.figure)
    return {
        "form": FORM,
        "figure": value.figure,
        "title": {"zh": value.title.zh, "en": value.title.en},
        "period": {
            "code": value.period.code,
            "first": value.period.first.isoformat(),
            "last": value.period.last.isoformat(),
        },
        "dims": dict(value.dims),
        "number": str(value.number),
        "shown": str(value.shown),
        "unit": {"zh": value.unit.zh, "en": value.unit.en},
        "behind": [{"name": one.name, "n": one.n} for one in value.behind],
        "definition": value.definition,
        "version": value.version,
        "counted": figure.essence(),
        "log": one.origin,
        "tree_size": one.size,
        "root": one.root,
        "waiting": one.waiting,
        "confidential": may_hide(figure, dict(value.dims)),
        "computed_at": value.computed_at.isoformat(),
    }
