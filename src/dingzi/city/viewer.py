"""Who looks and acts: every selector and every act takes a Viewer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["public", "receipt", "staff", "client", "system", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """One person or machine in one capacity.

    Attributes
    ----------
    kind : ``public`` nobody in particular; ``receipt`` holder of one matter's secret; ``staff``
        an account on one post; ``client`` a machine on one post; ``system`` timers; ``import``
        a batch in the name of a post.
    post, unit : id of the post acted from and of its unit; None without a post.
    roles : role names of the post, as mechanisms declare them.
    scope : division code whose subtree the post's scope roles see; "" sees none by place.
    stands_for : ids of posts that have delegated to this one today.
    matter : id of the one matter that a receipt opens.
    account, client : id of the account or API client, for the session and the log only.
    """

    kind: Kind
    post: int | None = None
    unit: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    scope: str = ""
    stands_for: frozenset[int] = field(default_factory=frozenset)
    matter: int | None = None
    account: int | None = None
    client: int | None = None

    @property
    def posts(self) -> frozenset[int]:
        """Posts in whose name he acts: his own and those he stands in for."""
        return self.stands_for if self.post is None else self.stands_for | {self.post}

    def as_import(self) -> Viewer:
        return replace(self, kind="import")


PUBLIC = Viewer(kind="public")
SYSTEM = Viewer(kind="system")


def receipt(matter: int) -> Viewer:
    return Viewer(kind="receipt", matter=matter)
