"""A process as a picture (SVG): states as boxes, actions as arrows, the present state ringed."""

from __future__ import annotations

from django.utils.html import escape

from .layout import HEIGHT, WIDTH, Box, Edge, layout
from .process import Process


def svg(process: Process, language: str, current: str = "") -> str:
    """Return the drawing; colours and type come from the stylesheet (class ``diagram``)."""
    plan = layout(process)
    title = process.title.in_language(language)
    parts = [
        f'<svg class="diagram" viewBox="0 0 {plan.width} {plan.height}" width="{plan.width}" '
        f'height="{plan.height}" role="img" aria-label="{escape(title)}" '
        'xmlns="http://www.w3.org/2000/svg">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ]
    for edge in plan.edges:
        parts.append(_arrow(process, edge, plan.boxes, language))
    for box in plan.boxes.values():
        parts.append(_box(process, box, language, current))
    return "".join(parts) + "</svg>"


def _box(process: Process, box: Box, language: str, current: str) -> str:
    state = process.states[box.state]
    kinds = ["state"]
    kinds += ["end"] if state.end else []
    kinds += ["now"] if box.state == current else []
    label = escape(state.label.in_language(language))
    return (
        f'<g class="{" ".join(kinds)}"><rect x="{box.x}" y="{box.y}" width="{WIDTH}" '
        f'height="{HEIGHT}" rx="2"/><text x="{box.x + WIDTH // 2}" y="{box.y + HEIGHT // 2 + 5}" '
        f'text-anchor="middle">{label}</text></g>'
    )


def _arrow(process: Process, edge: Edge, boxes: dict[str, Box], language: str) -> str:
    a, b = boxes[edge.start], boxes[edge.end]
    names = "、" if not language.startswith("en") else ", "
    told = escape(names.join(process.actions[n].label.in_language(language) for n in edge.actions))
    if a.row == b.row and b.column == a.column + 1:
        path = f"M{a.x + WIDTH} {a.y + HEIGHT // 2}H{b.x}"
    elif a.row == b.row:
        top = a.y - 18 - 4 * min(abs(a.column - b.column), 5)
        path = f"M{a.x + WIDTH // 2 + 10} {a.y}V{top}H{b.x + WIDTH // 2 - 10}V{b.y}"
    elif b.row > a.row:
        path = f"M{a.x + WIDTH // 2} {a.y + HEIGHT}C{a.x + WIDTH // 2} {b.y} {b.x - 40} {b.y + 24} {b.x} {b.y + HEIGHT // 2}"
    else:
        path = f"M{a.x + WIDTH // 2} {a.y}C{a.x + WIDTH // 2} {b.y + HEIGHT + 20} {b.x + WIDTH // 2} {a.y} {b.x + WIDTH // 2} {b.y + HEIGHT}"
    return f'<path class="edge" d="{path}" marker-end="url(#tip)"><title>{told}</title></path>'
