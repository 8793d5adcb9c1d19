"""Where the states of a process stand in a drawing: columns by distance from the start."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .process import Process

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 132, 48, 76, 34, 24


@dataclass(frozen=True, slots=True)
class Box:
    """A state's place, in drawing units."""

    state: str
    column: int
    row: int

    @property
    def x(self) -> int:
        return MARGIN + self.column * (WIDTH + GAP_X)

    @property
    def y(self) -> int:
        return MARGIN + 40 + self.row * (HEIGHT + GAP_Y)


@dataclass(frozen=True, slots=True)
class Edge:
    """All actions that lead from one state to another."""

    start: str
    end: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    boxes: dict[str, Box]
    edges: tuple[Edge, ...]
    entries: tuple[Edge, ...]
    width: int
    height: int


def layout(process: Process) -> Layout:
    """Place the main line (``State.line``) in the first row, the rest below its nearest column."""
    edges = _edges(process)
    main = [s.name for s in process.states.values() if s.line] or [process.start]
    columns = {name: i for i, name in enumerate(main)}
    depth = _distances(process, edges)
    for name in process.states:
        if name not in columns:
            before = [columns[e.start] for e in edges if e.end == name and e.start in columns]
            columns[name] = min(before, default=depth.get(name, 0)) + 1
    taken: dict[int, int] = {}
    boxes = {}
    for name in [*main, *(s for s in process.states if s not in main)]:
        column = columns[name]
        row = 0 if name in main else max(1, taken.get(column, 0) + 1)
        taken[column] = row
        boxes[name] = Box(name, column, row)
    wide = max(b.column for b in boxes.values()) + 1
    high = max(b.row for b in boxes.values()) + 1
    return Layout(
        boxes=boxes,
        edges=edges,
        entries=tuple(Edge("", a.to, (a.name,)) for a in process.actions.values() if a.opens),
        width=2 * MARGIN + wide * WIDTH + (wide - 1) * GAP_X,
        height=2 * MARGIN + 40 + high * HEIGHT + (high - 1) * GAP_Y,
    )


def _edges(process: Process) -> tuple[Edge, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for action in process.actions.values():
        for state in process.states:
            target = process.target(action, state)
            if process.allows(action, state) and target != state:
                found.setdefault((state, target), []).append(action.name)
    return tuple(Edge(a, b, tuple(names)) for (a, b), names in found.items())


def _distances(process: Process, edges: tuple[Edge, ...]) -> dict[str, int]:
    starts = [a.to for a in process.actions.values() if a.opens]
    depth = dict.fromkeys(starts, 0)
    waiting = deque(starts)
    while waiting:
        here = waiting.popleft()
        for edge in edges:
            if edge.start == here and edge.end not in depth:
                depth[edge.end] = depth[here] + 1
                waiting.append(edge.end)
    return depth
