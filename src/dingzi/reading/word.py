"""The words of a docx as it would be printed: with what was inserted, without what was struck out.

Blocks become lines and rows lines with tabs between cells, in their order; what stands in a text box, in
a table within a cell or in a content control follows what holds it, foot- and endnotes stand at the end.
Headers, footers, comments and hidden words are no part of the text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: what was struck out or moved away, how things look, what is said a second time for old programs
_UNSAID = frozenset(
    [*(_W + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "rt")), _FALLBACK]
)
_BOX, _PARAGRAPH, _TABLE = f"{_W}txbxContent", f"{_W}p", f"{_W}tbl"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_NOTES = ("/footnotes", "/endnotes")


def lines(content: bytes) -> list[str]:
    """The lines of a docx. Raises whatever a broken package makes its parser raise."""
    import docx

    document = docx.Document(io.BytesIO(content))
    return [*_blocks(document.element.body, document), *_notes(document)]


def _blocks(holder: Any, document: Document) -> Iterator[str]:
    """The lines of what a body, a cell, a text box or a note holds."""
    for block in holder:
        if block.tag == _PARAGRAPH:
            yield "".join(_pieces(block))
            for box in _boxes(block):
                yield from _blocks(box, document)
        elif block.tag == _TABLE:
            yield from _rows(block, document)
        elif isinstance(block.tag, str) and block.tag not in _UNSAID:
            yield from _blocks(block, document)  # a content control, inserted blocks


def _pieces(element: Any) -> Iterator[str]:
    """The words under an element, but for those of its text boxes."""
    for node in element:
        if node.tag in (f"{_W}t", f"{_MATH}t"):
            yield node.text or ""
        elif node.tag in _SIGNS:
            yield _SIGNS[node.tag]
        elif node.tag not in _UNSAID and node.tag != _BOX and not _hidden(node):
            yield from _pieces(node)


def _hidden(node: Any) -> bool:
    mark = node.find(f"{_W}rPr/{_W}vanish") if node.tag == f"{_W}r" else None
    return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")


def _boxes(element: Any) -> Iterator[Any]:
    for node in element:
        if node.tag == _BOX:
            yield node
        elif node.tag not in _UNSAID:
            yield from _boxes(node)


def _rows(table: Any, document: Document) -> Iterator[str]:
    """Rows with tabs; a cell that spans columns is told once. A table in a cell follows its row."""
    from docx.table import Table

    for row in Table(table, document._body).rows:
        told: set[Any] = set()
        words, inner = [], []
        for cell in row.cells:
            if cell._tc in told:
                words.append("")
                continue
            told.add(cell._tc)
            said = [line for block in cell._tc if block.tag != _TABLE for line in _blocks([block], document)]  # fmt: skip
            words.append(" ".join(" ".join(said).split()))
            inner += [block for block in cell._tc if block.tag == _TABLE]
        yield "\t".join(words)
        for block in inner:
            yield from _rows(block, document)


def _notes(document: Document) -> Iterator[str]:
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(_NOTES) and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(f"{_W}type") is None:  # others are the rules above the notes
                    yield from _blocks(note, document)
