"""Workbooks are opened in a process of their own.

The library that reads them is compiled code: some damaged files make it abort, and with it the
process it runs in. Here that is a child, bounded in memory and time; the web process only sees
that no answer came, and the person reads that the file is damaged. The answer travels as JSON,
so that a child taken over by a hostile file can say nothing but cells.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final

from hocvu.spreadsheets.cells import Cell, CellKind, Grid, MergedRange
from hocvu.spreadsheets.refusals import SpreadsheetIsUnreadable, UnreadableReason

_MOST_MEMORY: Final = 3 * 1024**3
_MOST_SECONDS: Final = 60
_START: Final = "from hocvu.spreadsheets.reading import answer; answer()"

Answer = dict[str, Any]


def read_apart(file_format: str, content: bytes) -> list[Grid]:
    """The grids of a workbook, read by a child process. Raises SpreadsheetIsUnreadable."""
    try:
        child = subprocess.run(  # noqa: S603 — our own interpreter and words
            [sys.executable, "-c", _START, file_format],
            input=content,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
        told: Answer = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError) as no_answer:
        raise SpreadsheetIsUnreadable(UnreadableReason.DAMAGED) from no_answer
    if "refused" in told:
        raise SpreadsheetIsUnreadable(UnreadableReason(told["refused"]), limit=told["limit"])
    return [_grid(each) for each in told["grids"]]


def answer_with(read: Callable[[str, bytes], list[Grid]]) -> None:
    """What the child does: read from standard input, write its answer to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        grids = read(sys.argv[1], sys.stdin.buffer.read())
    except SpreadsheetIsUnreadable as refused:
        answer: Answer = {"refused": refused.reason.value, "limit": refused.limit}
    else:
        answer = {"grids": [_plain(grid) for grid in grids]}
    sys.stdout.write(json.dumps(answer))  # whole: json.dump would encode piece by piece, slowly


def _plain(grid: Grid) -> Answer:
    return {
        "name": grid.name,
        "hidden": grid.hidden,
        "texts": [[cell.text for cell in row] for row in grid.rows],
        "kinds": [[cell.kind.value for cell in row] for row in grid.rows],
        "merged": [
            [each.first_row, each.first_column, each.last_row, each.last_column]
            for each in grid.merged
        ],
        "hidden_rows": sorted(grid.hidden_rows),
    }


def _grid(plain: Answer) -> Grid:
    kinds = {kind.value: kind for kind in CellKind}
    rows = tuple(
        tuple(Cell(text, kinds[kind]) for text, kind in zip(texts, named, strict=True))
        for texts, named in zip(plain["texts"], plain["kinds"], strict=True)
    )
    merged = tuple(MergedRange(*corners) for corners in plain["merged"])
    hidden_rows = frozenset(plain["hidden_rows"])
    return Grid(plain["name"], rows, merged, plain["hidden"], hidden_rows)
