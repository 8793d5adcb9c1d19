"""A reader in a process of its own: asks again and again until a file says stop.

Prints ``size count`` for every reading: how many disputes the tree of so many leaves has.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(stop: Path) -> None:
    import django

    django.setup()
    from dingzi.figures import snapshots
    from dingzi.figures.fetching import Query, fetch
    from dingzi.figures.period import Period
    from dingzi.mechanisms.disputes.figures import intake

    query = Query(intake.registered_count.parts, None, Period.parse("2099").last)
    while not stop.exists():
        with snapshots.as_of() as tree:
            # twice in one reading: both are of the same edition, whatever was published between
            first, second = fetch(query).tallies, fetch(query).tallies
            assert first == second
            print(tree.size, sum(tally.n for tally in first[query.parts[0]].values()), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
