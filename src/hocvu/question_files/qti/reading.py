"""QTI files: one item as XML, or a zip of items, stimuli, a test, pictures and a manifest."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import unquote

from hocvu.kernel.vietnamese import nfc
from hocvu.question_files.findings import FileProblem, Problem, Reading
from hocvu.question_files.gathering.gathered import Gathered, LeftOut, Notes
from hocvu.question_files.gathering.pictures import Pictures
from hocvu.question_files.opening.archive import Archive, FileIsUnreadable
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti import version_1
from hocvu.question_files.qti.body import Body
from hocvu.question_files.qti.items import read_item
from hocvu.question_files.qti.tree import (
    ITEM,
    MANIFEST,
    SECTION,
    STIMULUS,
    TEST,
    child,
    children,
    parse_qti,
    words_of,
)
from hocvu.question_files.qti.version_1 import QUESTIONS

_MANIFEST_NAME: Final = "imsmanifest.xml"
_TEXTS: Final = (".xml", ".qti")
_OLD_TEXTS: Final = (".xml", ".qti", ".dat")
_CANVAS_FOLDER: Final = "non_cc_assessments"
_ROOTS: Final = ("$IMS-CC-FILEBASE$/", "$IMS_CC_FILEBASE$/")  # Common Cartridge 1.1
_MOST_ITEMS: Final = 20_000


@dataclass(frozen=True)
class _Listed:
    """One file of a package that may hold an item, and what the test and the manifest say of it."""

    path: str
    category: str = ""
    tags: tuple[str, ...] = ()


def read_qti(content: bytes) -> Reading:
    """QTI 1.2, 2.0–2.2 and 3.0: an item, a content package, or items zipped without a manifest."""
    try:
        if content[:2] == b"PK":
            return _PackageReader(Archive(content)).reading()
        return _single(content)
    except FileIsUnreadable as refused:
        return Reading(problem=refused.problem, detail=refused.detail)


def _single(content: bytes) -> Reading:
    root = parse_qti(content)
    if root.tag == QUESTIONS:
        return version_1.alone(root)
    if root.tag != ITEM:
        asks = root.tag not in {TEST, STIMULUS, MANIFEST}
        problem = FileProblem.UNKNOWN_FORMAT if asks else FileProblem.NOTHING_ASKED
        return Reading(problem=problem, detail=str(root.tag))
    gathered, pictures = Gathered(), Pictures()
    body = Body("", _NothingBeside(), pictures, Notes())
    try:
        gathered.take(read_item(root, body), body.notes, line=1)
    except LeftOut as reason:
        gathered.leave_out(_named(reason, root.get("identifier", "")), body.notes, line=1)
    return gathered.reading(pictures.media)


def _named(reason: LeftOut, otherwise: str) -> LeftOut:
    return LeftOut(reason.problem, reason.about or otherwise)


class _NothingBeside:
    """A single item comes without files."""

    def file(self, base: str, address: str) -> bytes | None:  # noqa: ARG002
        return None


class _PackageReader:
    """Reads the items of a zip in the order of its test, its manifest or its names."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._pictures = Pictures()
        self._stimuli: dict[str, str] = {}
        self._trees: dict[str, Element | None] = {}

    def file(self, base: str, address: str) -> bytes | None:
        path = self._member(base, address)
        return None if path is None else self._archive.read(path)

    def reading(self) -> Reading:
        gathered = Gathered()
        listed = list(self._listed())
        if not listed and (old := list(self._of_version_1())):
            return version_1.read_version_1(old)
        if len(listed) > _MOST_ITEMS:
            raise FileIsUnreadable(FileProblem.TOO_LARGE)
        for each in listed:
            self._read(each, gathered)
        if gathered.is_empty and not self._has_qti():
            raise FileIsUnreadable(FileProblem.UNKNOWN_FORMAT)
        return gathered.reading(self._pictures.media)

    def _of_version_1(self) -> Iterator[tuple[Element, Callable[[str], bytes | None]]]:
        """Documents of QTI 1.2. Canvas keeps what it knows of a test apart, beside a poorer one."""
        paths = sorted(self._archive.paths, key=_naturally)
        old = [path for path in paths if path.lower().endswith(_OLD_TEXTS)]
        old = [path for path in old if self._is(path, QUESTIONS)]
        apart = [path for path in old if _CANVAS_FOLDER in path.split("/")]
        for path in apart or old:
            tree = self._tree(path)
            if tree is not None:
                yield tree, partial(self._beside, posixpath.dirname(path))

    def _beside(self, base: str, address: str) -> bytes | None:
        """A file that a text of QTI 1.2 points at: from its folder, or from that of all files."""
        plain_address = unquote(address).partition("?")[0]
        for root in _ROOTS:
            if plain_address.startswith(root):
                rest = plain_address.removeprefix(root)
                return self.file("web_resources", rest) or self.file("", rest)
        return self.file(base, plain_address) or self.file("", plain_address)

    def _has_qti(self) -> bool:
        known = {TEST, STIMULUS, SECTION}
        return any(tree is not None and tree.tag in known for tree in self._trees.values())

    def _read(self, listed: _Listed, gathered: Gathered) -> None:
        name = posixpath.basename(listed.path)
        body = Body(posixpath.dirname(listed.path), self, self._pictures, Notes())
        try:
            root = self._whole_tree(listed.path)
            item = read_item(root, body, self._situation(root, body))
        except LeftOut as reason:
            gathered.leave_out(_named(reason, name), body.notes)
        else:
            placed = replace(item, category=listed.category, tags=listed.tags)
            gathered.take(placed, body.notes)

    def _listed(self) -> Iterator[_Listed]:
        """Every item once: those of the test first, in its order."""
        manifest = self._manifest()
        candidates = self._of_manifest(manifest) if manifest else []
        if not any(self._is(each.path, ITEM) for each in candidates):
            paths = sorted(self._archive.paths, key=_naturally)
            candidates = [_Listed(path) for path in paths if path.lower().endswith(_TEXTS)]
            candidates = [each for each in candidates if self._may_be_item(each.path)]
        seen: set[str] = set()
        tags = {each.path: each.tags for each in candidates}
        tests = [each for each in candidates if self._is(each.path, TEST)]
        of_tests = (each for test in tests for each in self._of_test(test.path))
        for each in (*of_tests, *candidates):
            wanted = self._is(each.path, ITEM) or self._tree(each.path) is None
            if each.path not in seen and wanted:
                seen.add(each.path)
                yield replace(each, tags=tags.get(each.path, ()))

    def _may_be_item(self, path: str) -> bool:
        if posixpath.basename(path).lower() == _MANIFEST_NAME:
            return False
        return self._tree(path) is None or self._is(path, ITEM) or self._is(path, TEST)

    def _manifest(self) -> tuple[str, Element] | None:
        """A folder may have been zipped whole, so the manifest need not be on top."""
        named = [
            path
            for path in self._archive.paths
            if posixpath.basename(path).lower() == _MANIFEST_NAME
        ]
        for path in sorted(named, key=len)[:1]:
            root = self._tree(path)
            if root is not None and root.tag == MANIFEST:
                return path, root
        return None

    def _of_manifest(self, manifest: tuple[str, Element]) -> list[_Listed]:
        path, root = manifest
        listed = []
        for resource in root.iter("resource"):
            address = resource.get("href") or next(
                (each.get("href", "") for each in children(resource, "file")), ""
            )
            kind = resource.get("type", "").lower()
            if not kind.startswith("imsqti") and not kind.startswith("associatedcontent"):
                continue
            member = self._member(posixpath.dirname(path), address)
            tags = tuple(_keywords(resource))
            if member is not None and member.lower().endswith(_TEXTS):
                listed.append(_Listed(member, tags=tags))
            elif kind.startswith("imsqti_item"):
                listed.append(_Listed(unquote(address) or resource.get("identifier", "?")))
        return listed

    def _of_test(self, path: str) -> Iterator[_Listed]:
        root = self._tree(path)
        if root is not None:
            yield from self._of_section(root, posixpath.dirname(path), ())

    def _of_section(
        self, element: Element, base: str, titles: tuple[str, ...]
    ) -> Iterator[_Listed]:
        for each in element:
            if each.tag == "assessmentitemref":
                member = self._member(base, each.get("href", ""))
                if member is not None:
                    yield _Listed(member, "/".join(titles))
            elif each.tag == "assessmentsectionref":
                member = self._member(base, each.get("href", ""))
                tree = None if member is None else self._tree(member)
                if member is not None and tree is not None and len(titles) < 10:  # noqa: PLR2004
                    yield from self._of_section(tree, posixpath.dirname(member), (*titles,))
            else:
                title = nfc(each.get("title", ""))
                below = (*titles, title) if each.tag == SECTION and title else titles
                yield from self._of_section(each, base, below)

    # --- Files -----------------------------------------------------------------------------------

    def _member(self, base: str, address: str) -> str | None:
        """The member an address means; nothing outside of the package."""
        if not address or "://" in address or address.startswith("data:"):
            return None
        plain_address = unquote(address).replace("\\", "/").partition("#")[0].lstrip("/")
        path = posixpath.normpath(posixpath.join(base, plain_address))
        return None if path.startswith("..") else self._archive.found(path)

    def _tree(self, path: str) -> Element | None:
        """The document of a member; none if it is broken. Forbidden XML refuses the whole file."""
        if path not in self._trees:
            self._trees[path] = None
            if self._archive.found(path) is not None:
                try:
                    self._trees[path] = parse_qti(self._archive.read(path))
                except FileIsUnreadable as refused:
                    if refused.problem is not FileProblem.BAD_XML:
                        raise
        return self._trees[path]

    def _whole_tree(self, path: str) -> Element:
        root = self._tree(path)
        if root is None:
            raise LeftOut(Problem.SYNTAX, posixpath.basename(path))
        return root

    def _is(self, path: str, kind: str) -> bool:
        tree = self._tree(path)
        return tree is not None and tree.tag == kind

    def _situation(self, root: Element, body: Body) -> str:
        """The texts of the stimuli an item refers to."""
        texts = []
        for reference in children(root, "assessmentstimulusref", "stimulusref"):
            path = self._member(body.base, reference.get("href", ""))
            text = "" if path is None else self._stimulus(path)
            texts.append(text)
            if not text:
                body.notes.warn(Problem.FEATURE_LOST, posixpath.basename(reference.get("href", "")))
        return "".join(texts)

    def _stimulus(self, path: str) -> str:
        if path not in self._stimuli:
            root, text = self._tree(path), ""
            if root is not None and root.tag == STIMULUS:
                body = Body(posixpath.dirname(path), self, self._pictures, Notes())
                text = body.html(child(root, "stimulusbody"))
            self._stimuli[path] = text
        return self._stimuli[path]


def _keywords(resource: Element) -> Iterable[str]:
    """The keywords that LOM metadata give a resource."""
    words = [nfc(words_of(each)) for each in resource.iter("keyword")]
    return dict.fromkeys(word for word in words if word)


def _naturally(path: str) -> list[tuple[int, str]]:
    """item2 before item10."""
    return [(int(run), "") if run.isdecimal() else (0, run) for run in re.split(r"(\d+)", path)]
