"""What is installed: mechanisms declare themselves here at load; doors iterate, and name none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .errors import LoadError
from .text import Text
from .triage import Triage


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of the public form.

    Attributes
    ----------
    fields : names of the opening action's fields that it asks.
    title : its question. short : what the button before it calls it.
    hint, points : what to write, in a sentence and as a list.
    """

    fields: tuple[str, ...]
    title: Text
    short: Text
    hint: Text | None = None
    points: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """A flag of the form behind a question that unfolds advice: what cannot wait for us."""

    field: str
    question: Text
    advice: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What the receipt says will happen, in the order in which it will.

    Attributes
    ----------
    title : with ``{length}`` where ``rule`` is given.
    clock : of the process; its day is said if it runs.
    rule : a parameter of law that is a length of time.
    law : (law, articles) on which it rests.
    """

    title: Text
    text: Text | None = None
    clock: str = ""
    rule: str = ""
    law: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a state of the process asks the citizen, who answers by one of two actions.

    ``leads`` says by action what each answer leads to.
    """

    title: Text
    text: Text
    leads: Mapping[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """How the public opens a matter: the opening action, and its fields in steps.

    Attributes
    ----------
    title, about : what it is for, where the public chooses between several; else the mechanism's.
    quick : category code -> label, offered on the home page's door.
    coming : what happens after filing.
    questions, next : by state of the process: what it asks, and what comes next, in the citizen's
        words.
    """

    action: str
    steps: tuple[Step, ...]
    title: Text | None = None
    about: Text | None = None
    quick: Mapping[str, Text] = field(default_factory=dict)
    urgent: Urgent | None = None
    coming: tuple[Coming, ...] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)
    next: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How much of something is done; ``rest`` names what of the others is on its way."""

    label: str
    done: int
    of: int
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is still to be done, by whom and by when."""

    what: str
    who: str
    state: str
    due: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far something public is (an estate, a project), in words and numbers; nobody is named.

    Attributes
    ----------
    key : in its page's address. title, place, kind, says : what it is and where it stands.
    bars : the whole first, then its parts; parts too small to be told are left out.
    lines : what stands in the way. happened : day and what happened, the newest first.
    ended : it stands on the list under those that are done.
    """

    key: str
    title: str
    place: str
    kind: str
    says: str
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    happened: tuple[tuple[date, str], ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The public pages on how far each thing of a mechanism is.

    Attributes
    ----------
    title, about, unit : of the list; ``unit`` is what bars count (户, households).
    all : ``(county code or "", language)`` -> what is on the list, without lines and happenings,
        ``most`` at most.
    one : ``(key, language)`` -> one of them whole; None where there is none.
    """

    title: Text
    about: Text
    unit: Text
    all: Callable[[str, str], Sequence[Standing]]
    one: Callable[[str, str], Standing | None]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One list of a board.

    Attributes
    ----------
    rows : ``(Viewer) -> QuerySet[Matter]``, ordered.
    note : ``(Matter) -> Text`` under a row's title; it queries nothing that ``rows`` has not got.
    """

    title: Text
    rows: Callable[[Any], Any]
    note: Callable[[Any], Text] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A page of the workbench for who has a duty: his own numbers, and what waits for him.

    Attributes
    ----------
    roles : of a post that has it. counts : ``(Viewer) -> [(label, number)]``, of his own work and
        never of anybody else's.
    """

    title: Text
    about: Text
    roles: frozenset[str]
    sections: tuple[Section, ...]
    counts: Callable[[Any], list[tuple[Text, int]]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a guard beside a figure says of a month, for whoever takes it up (``Birth``).

    ``month`` is ``2026-03``; ``title`` and ``text`` say it in the city's own language.
    """

    figure: str
    guard: str
    month: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """How a matter is born of what a guard says: the opening action, and its data.

    ``data`` : ``(Seen) -> data of the action``. It is opened by one click, by who may.
    """

    action: str
    label: Text
    data: Callable[[Seen], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Pages of a mechanism's own, beside those that the doors make of every mechanism.

    Attributes
    ----------
    public, desk : modules of urls, mounted under the mechanism's name in the public's and in the
        staff's door; "" for none.
    nav : label in the public's navigation, which leads to the first of the public pages.
    nav_url, new_url : names of the routes of that page, and of the one on which staff begin.
    acts : action -> name of the route (of a matter's number) of the page on which it is done.
    preview : name of the route (of a matter's number) that shows staff the matter as a page.
    from_text : name of the route to which a checked text is sent (``text``, ``day``, ``live``).
    home, home_template : what the front page shows of it, None where there is nothing; and how.
    find : words -> what the public's search finds here: {"title", "means", "url", "group"}.
    """

    public: str = ""
    desk: str = ""
    nav: Text | None = None
    nav_url: str = ""
    new_url: str = ""
    acts: Mapping[str, str] = field(default_factory=dict)
    preview: str = ""
    from_text: str = ""
    home: Callable[[], dict[str, Any] | None] | None = None
    home_template: str = ""
    find: Callable[[str], list[dict[str, str]]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A further word of the sentence over a mechanism's list.

    ``column`` is reached from a matter (``problem__on_list``); ``choices`` : value -> label.
    """

    label: Text
    every: Text
    column: str
    choices: Mapping[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """One reform of the city, as the doors see it.

    Attributes
    ----------
    name : of the app, and of its path in lists and API.
    process : name of the process whose matters are listed.
    icon : of the sprite.
    categories : top category -> label.
    legal_basis : laws and articles, for the documentation and the figure pages.
    triage : proposes a category from the words of a matter.
    opening : the action by which staff open its matters, where the public does not (``filing``).
    sample : generates its part of the sample city, ``(SampleCity) -> None``.
    progress : public pages on how far each of its things is.
    weave : adds to the stories that other mechanisms tell, ``(SampleCity, Story) -> None``.
    board : a page of its own for who has a duty in it.
    birth : its matters may be born of a figure's guard.
    after : what of it is told once the rest of the sample city is there and counted: batches of
        stories, each asked for when the one before is recorded.
    pages : pages of its own.
    facet : by what else its list is filtered.
    """

    name: str
    title: Text
    process: str
    icon: str
    about: Text
    categories: Mapping[str, Text] = field(default_factory=dict)
    filing: Filing | None = None
    legal_basis: tuple[str, ...] = ()
    triage: Triage | None = None
    sample: Callable[[Any], Iterable[Any]] | None = None
    progress: Progress | None = None
    weave: Callable[[Any, Any], None] | None = None
    opening: str = ""
    board: Board | None = None
    birth: Birth | None = None
    after: Callable[[Any], Iterable[list[Any]]] | None = None
    order: int = 100
    pages: Pages | None = None
    facet: Facet | None = None


def desk_action(mechanism: Mechanism) -> str:
    """Return the action by which a desk opens its matters, "" where none does."""
    return mechanism.filing.action if mechanism.filing else mechanism.opening


_mechanisms: dict[str, Mechanism] = {}


def register(mechanism: Mechanism) -> None:
    if mechanism.name in _mechanisms:
        raise LoadError(f"mechanism {mechanism.name!r} is declared twice")
    _mechanisms[mechanism.name] = mechanism


def mechanisms() -> list[Mechanism]:
    return sorted(_mechanisms.values(), key=lambda m: (m.order, m.name))


def mechanism(name: str) -> Mechanism | None:
    return _mechanisms.get(name)


def with_pages() -> list[tuple[Mechanism, Pages]]:
    """Return the mechanisms that have pages of their own."""
    return [(one, one.pages) for one in mechanisms() if one.pages is not None]


def of_process(process: str) -> Mechanism | None:
    return next((m for m in _mechanisms.values() if m.process == process), None)
