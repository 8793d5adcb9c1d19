"""Inbox and lists at a million matters over all mechanisms: median, 95th percentile, queries.

As ``pages``, but the matters are a mixture of every mechanism (``mixture``), and every list of
every mechanism is asked for by those who work with it: a county's petition office, the housing
bureau that leads the stuck estates, the registry, a county's supervisor, the city's analyst; and
what strangers see of it all: the map of what is being done, the progress pages, Open311's list.
Goal: lists and inbox at most 30 ms at the median. ``--quick`` stores 10,000.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from claims import arguments
from installation import ENGINES, install, keeping

FULL, QUICK = 1_000_000, 10_000
ROUNDS, QUICK_ROUNDS, WARM = 30, 8, 3
STAFF = ("petitions", "handler", "registry", "county", "analyst")
FILTERS: dict[str, list[dict[str, str]]] = {
    "by state": [{"state": s} for s in ("routed", "handling", "waiting", "mediating", "clearing")],
    "overdue": [{"stage": "overdue"}],
    "of a county": [{"county": "360902"}, {"county": "360983"}],
}


def main(argv: list[str]) -> int:
    parser = arguments(__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="postgresql")
    keeping(parser)
    parser.add_argument("--count", type=int, help="matters to store")
    parser.add_argument("--only", default="", help="pages whose name holds this text")
    parser.add_argument(
        "--fill", type=int, default=0, metavar="SECONDS",
        help="with --keep: store for so long, say whether all is there, and measure nothing",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, help="how often each page is asked for")
    parser.add_argument("--slowest", type=int, default=0, help="print so many queries of each page")
    options = parser.parse_args(argv)
    count = options.count or (QUICK if options.quick else FULL)
    folder = options.keep / f"{options.engine}-{count}-mixed" if options.keep else None
    installation = install(options.engine, folder)

    import mixture
    from claims import Claims

    whole = mixture.fill(count, options.fill if folder else 0, installation)
    print(f"{options.engine}: {mixture.told()}", flush=True)
    if options.fill or not whole:
        print("all of them" if whole else "not all yet: call it again")
        return 0 if options.fill else 1

    import pages as measuring

    asked = _clients()
    wanted = [page for page in _pages() if options.only in str(page)]
    load = os.getloadavg()[0]
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    for turn in range(-WARM, rounds):
        for page in wanted:
            measuring._ask(page, asked[page.viewer], turn)
    print(f"{rounds} rounds; load average {load:.1f} before, {os.getloadavg()[0]:.1f} after")
    claims = Claims(f"{options.engine}, {count:,} matters of all mechanisms")
    return measuring._tell(wanted, claims, options.slowest, asked)


def _clients() -> dict[str, Any]:
    import asking
    from django.test import Client

    found = {name: Client(SERVER_NAME=asking.SITE) for name in (*STAFF, "public")}
    from django.urls import reverse

    from dingzi.sample import accounts

    for name in STAFF:
        sent = {"login": name, "password": accounts.password(name)}
        answer = found[name].post(reverse("account_login"), sent)
        assert answer.status_code == 302, answer.content.decode()[:2000]
    return found


def _pages() -> list[Any]:
    from asking import Page, viewer_of
    from django.core.cache import cache
    from django.urls import reverse

    from dingzi.core import registry
    from dingzi.matters import selectors

    found = []
    for name in STAFF:
        viewer = viewer_of(name)
        inbox = reverse("workbench:inbox")
        found += [
            Page("inbox", "inbox", name, [inbox]),
            Page("inbox", "inbox of the whole unit", name, [f"{inbox}?whose=unit"]),
            Page("list", "handled", name, [reverse("workbench:handled")]),
        ]
        for mechanism in registry.mechanisms():
            if not selectors.listed(viewer, mechanism.process)[:1]:
                continue
            url = reverse("workbench:list", args=[mechanism.name])
            found.append(Page("list", f"list of {mechanism.name}", name, [url]))
            for what, asked in FILTERS.items():
                paths = [f"{url}?{'&'.join(f'{k}={v}' for k, v in one.items())}" for one in asked]
                known = _answering(mechanism, asked, paths)
                if known:
                    found.append(Page("list", f"list of {mechanism.name} {what}", name, known))
    status = reverse("portal:status_map")
    found += [
        Page("map", "map of what is done", "public", [f"{status}?of=petitions", f"{status}?of=disputes"], cache.clear),
        Page("figures", "progress of estates", "public", [reverse("portal:progress_list", args=["estates"])], cache.clear),
        Page("figure", "Open311 requests", "public", ["/open311/v2/requests.json?service_code=petitions.titles"]),
    ]  # fmt: skip
    return found


def _answering(mechanism: Any, asked: list[dict[str, str]], paths: list[str]) -> list[str]:
    """Return the addresses whose state the mechanism has; others the page refuses."""
    from dingzi.matters import registry

    states = registry.handle(mechanism.process).latest.states
    return [p for one, p in zip(asked, paths, strict=True) if one.get("state", "") in ("", *states)]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
