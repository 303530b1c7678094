"""What was added to a signed file, judged with one question: does it only sign or prove?

ISO 32000-2, 12.8.2.2 lets a reader allow many later changes; published attacks hide in them. Here
an update may do three things and nothing else:

- fill a signature field that stood there empty, or add an invisible one, with one signature;
- the same with a document time stamp (12.8.5);
- add the material that proves old signatures (document security store, 12.8.4.3).

In files of others it may also rewrite the XMP description (14.3.2) while it signs or proves, as
most programs do; no page shows it.

Every object of the update has to be needed for that. Nothing that was there before may refer to an
object that the update brings: a page prepared with a reference into the void would change its face
when the void is filled. And an object that the update replaces may serve nothing else: a page's
content that is listed among the proofs, too, would be replaced as one of them.
"""

from dataclasses import dataclass, field
from typing import Final

from hocvu_verifier.objects import Item, Name, Ref, Stream, String, is_same
from hocvu_verifier.proofs import Parts
from hocvu_verifier.refusals import AddedAfterSigning
from hocvu_verifier.updates import Revision
from hocvu_verifier.xref import Document, references_in

_N: Final = {
    each: Name(each)
    for each in (
        b"AcroForm", b"Annots", b"DSS", b"Extensions", b"Fields", b"FT", b"ID", b"Info", b"Kids",
        b"ModDate", b"Producer", b"Rect", b"Root", b"SigFlags", b"Sig", b"Subtype", b"Type", b"V",
        b"Encrypt", b"Metadata", b"Page", b"Annot", b"Widget",
    )
}  # fmt: skip
_MAY_CHANGE_IN_ROOT: Final = {_N[b"AcroForm"], _N[b"DSS"], _N[b"Extensions"]}
_MAY_CHANGE_IN_FORM: Final = {_N[b"Fields"], _N[b"SigFlags"]}
_MAY_CHANGE_IN_INFO: Final = {_N[b"ModDate"], _N[b"Producer"]}
_NEW_FIELD: Final = {
    Name(each) for each in (b"FT", b"T", b"TU", b"V", b"Type", b"Subtype", b"F", b"P", b"Rect")
}
_ABOUT_ESIC: Final = {
    Name(each)
    for each in (b"Type", b"BaseVersion", b"ExtensionLevel", b"ExtensionRevision", b"URL")
}
_SIGNATURES: Final = {Name(b"Sig"), Name(b"DocTimeStamp")}
_ESIC: Final = Name(b"ESIC")
_EMPTY: Final = String(b"", 0, 0, is_hex=False)


@dataclass
class Judgement:
    """Takes one update apart. `signature` is the dictionary that it brings, if any."""

    before: Document
    revision: Revision
    is_ours: bool
    signature: dict[Name, Item] | None = None
    _proves: bool = False
    _needed: set[int] = field(default_factory=set)
    _new_fields: list[Ref] = field(default_factory=list)
    _serve_as: dict[int, set[Name]] = field(default_factory=dict)  # replaced; nothing but this

    def __post_init__(self) -> None:
        self._replaced = {each for each in self.revision.objects if self.before.holds(each)}

    def require_only_signs_or_proves(self) -> None:
        """Raise AddedAfterSigning when the update does anything else."""
        old, new = self.before.trailer, self.revision.trailer
        for key in (_N[b"Root"], _N[b"Info"], _N[b"Encrypt"]):
            if not is_same(old.get(key), new.get(key)):
                raise AddedAfterSigning("An update put another root in place of the signed one.")
        root = new.get(_N[b"Root"])
        if not isinstance(root, Ref):
            raise AddedAfterSigning("The file has no root.")
        self._root(root)
        self._filled_fields()
        self._annotations()
        self._information(new.get(_N[b"Info"]))
        if not self.is_ours:
            self._description(root)
        superfluous = self.revision.objects.keys() - self._needed
        if superfluous:
            raise AddedAfterSigning(
                f"An update brought objects that no signature needs: {_listed(superfluous)}."
            )
        brought = self.revision.objects.keys() - self._replaced
        if brought & self.before.references():
            raise AddedAfterSigning("An update filled a place that the signed file left open.")
        self._require_nothing_else_served()

    def _root(self, root: Ref) -> None:
        old, new = self._both(root)
        self._require_same_but(_MAY_CHANGE_IN_ROOT, old, new, "root of the file")
        self._form(old.get(_N[b"AcroForm"]), new.get(_N[b"AcroForm"]))
        self._proofs(root, old.get(_N[b"DSS"]), new.get(_N[b"DSS"]))
        self._extensions(old.get(_N[b"Extensions"]), new.get(_N[b"Extensions"]))

    def _form(self, old: Item, new: Item) -> None:
        if isinstance(new, Ref) and new != old:
            raise AddedAfterSigning("An update put another form in place of the signed one.")
        if not isinstance(self.before.resolve(old), dict):
            raise AddedAfterSigning("An update gave a form to a file that had none.")
        old_form, new_form = self._value(old, is_new=False), self._value(new, is_new=True)
        if not isinstance(old_form, dict) or not isinstance(new_form, dict):
            raise AddedAfterSigning("An update took away the form of the file.")
        self._require_same_but(_MAY_CHANGE_IN_FORM, old_form, new_form, "form")
        if not isinstance(new_form.get(_N[b"SigFlags"], 0), int):
            raise AddedAfterSigning("An update changed the form.")
        self._serves_as(new, _N[b"AcroForm"])
        fields = self._grown(old_form.get(_N[b"Fields"]), new_form.get(_N[b"Fields"]), "form")
        for each in fields:
            self._new_field(each)

    def _new_field(self, ref: Item) -> None:
        found = self.revision.objects.get(ref.number) if isinstance(ref, Ref) else None
        if not isinstance(ref, Ref) or not isinstance(found, dict) or ref.number in self._replaced:
            raise AddedAfterSigning("An update added a field that is no signature.")
        rectangle = self.before.resolve(found.get(_N[b"Rect"], [0, 0, 0, 0]))
        kind = (found.get(_N[b"Type"], _N[b"Annot"]), found.get(_N[b"Subtype"], _N[b"Widget"]))
        invisible = is_same(rectangle, [0, 0, 0, 0]) and kind == (_N[b"Annot"], _N[b"Widget"])
        if not found.keys() <= _NEW_FIELD or found.get(_N[b"FT"]) != _N[b"Sig"] or not invisible:
            raise AddedAfterSigning("An update added a field that shows something.")
        self._needed.add(ref.number)
        self._new_fields.append(ref)
        self._signature(found.get(_N[b"V"]))

    def _filled_fields(self) -> None:
        """Signature fields that stood there empty and now hold a signature."""
        for number in self.revision.objects.keys() - self._needed:
            old, new = self.before.object(number), self.revision.objects[number]
            if not isinstance(old, dict) or not isinstance(new, dict):
                continue
            if old.get(_N[b"FT"]) != _N[b"Sig"] or _N[b"V"] in old or _N[b"V"] not in new:
                continue
            self._require_same_but({_N[b"V"]}, old, new, "signature field")
            self._needed.add(number)
            self._signature(new[_N[b"V"]])

    def _signature(self, ref: Item) -> None:
        found = self.revision.objects.get(ref.number) if isinstance(ref, Ref) else None
        if not isinstance(ref, Ref) or not isinstance(found, dict) or self.signature is not None:
            raise AddedAfterSigning("An update did not bring exactly one signature.")
        kind = found.get(_N[b"Type"], _N[b"Sig"])  # may be left out (12.8.1, table 255)
        if kind not in _SIGNATURES or ref.number in self._replaced:
            raise AddedAfterSigning("An update put something else in place of a signature.")
        self.signature = found
        self._needed.add(ref.number)

    def _annotations(self) -> None:
        """Pages, and lists of annotations, that only grew by the new signature fields."""
        for number in self.revision.objects.keys() - self._needed:
            old, new = self.before.object(number), self.revision.objects[number]
            if (
                isinstance(old, dict)
                and isinstance(new, dict)
                and old.get(_N[b"Type"]) == _N[b"Page"]
            ):
                self._require_same_but({_N[b"Annots"]}, old, new, "page")
                added = self._grown(old.get(_N[b"Annots"]), new.get(_N[b"Annots"]), "page")
            elif isinstance(old, list) and isinstance(new, list):
                added = self._grown(old, new, "list")
                self._serve_as[number] = {_N[b"Annots"], _N[b"Fields"]}
            else:
                continue
            if [each for each in added if each not in self._new_fields]:
                raise AddedAfterSigning("An update put something onto a page.")
            self._needed.add(number)

    def _information(self, ref: Item) -> None:
        if isinstance(ref, Ref) and ref.number in self.revision.objects:
            old, new = self._both(ref)
            self._require_same_but(_MAY_CHANGE_IN_INFO, old, new, "description")
            if not all(isinstance(new.get(each, _EMPTY), String) for each in _MAY_CHANGE_IN_INFO):
                raise AddedAfterSigning("An update changed the description.")
            self._serve_as[ref.number] = set()

    def _description(self, root: Ref) -> None:
        """The XMP stream, unless something else in the file refers to the same object."""
        _, about = self._both(root)
        item = about.get(_N[b"Metadata"])
        if not self._is_new(item):
            return
        found = self._value(item, is_new=True)
        known = isinstance(found, Stream) and found.about.get(_N[b"Type"]) == _N[b"Metadata"]
        others = self.before.references(aside_from=(root.number, _N[b"Metadata"]))
        alone = isinstance(item, Ref) and item.number not in others
        if not known or not alone or not (self.signature or self._proves):
            raise AddedAfterSigning("An update put something else in place of the description.")

    def _proofs(self, root: Ref, old: Item, new: Item) -> None:
        """The security store: streams are added to it; what holds them may be written anew."""
        if new is None and old is not None:
            raise AddedAfterSigning("An update took away what proves the signatures.")
        if new is None:
            return
        parts = Parts.of(new, self._now)
        brought = parts.numbers & self.revision.objects.keys()
        self._proves = bool(brought) or new != old
        self._needed |= brought
        replaced = brought & self._replaced
        if not replaced:
            return
        before = Parts.of(old, self.before.object)
        elsewhere = self.before.references(
            aside_from=(root.number, _N[b"DSS"]), without=before.numbers
        )
        if not replaced <= before.holders or elsewhere & before.numbers:
            raise AddedAfterSigning("An update replaced something under the name of a proof.")

    def _extensions(self, old: Item, new: Item) -> None:
        """The one developer extension that PAdES names (EN 319 142-1, 5.6)."""
        if isinstance(new, Ref) and new.number in self._replaced and new != old:
            raise AddedAfterSigning("An update changed what the file says of its kind.")
        before, after = self._value(old, is_new=False), self._value(new, is_new=True)
        before = before if isinstance(before, dict) else {}
        after = after if isinstance(after, dict) else {}
        if not is_same({**after, _ESIC: None}, {**before, _ESIC: None}):
            raise AddedAfterSigning("An update changed what the file says of its kind.")
        self._serves_as(new, _N[b"Extensions"])
        if after.get(_ESIC) != before.get(_ESIC):
            self._esic(after.get(_ESIC))

    def _esic(self, item: Item) -> None:
        if isinstance(item, Ref) and item.number in self._replaced:
            raise AddedAfterSigning("An update replaced something under the name of an extension.")
        found = self._value(item, is_new=True)
        for each in found if isinstance(found, list) else [found]:
            known = isinstance(each, dict) and each.keys() <= _ABOUT_ESIC
            if not known or any(references_in(each)):
                raise AddedAfterSigning("An update changed what the file says of its kind.")

    def _grown(self, old: Item, new: Item, what: str) -> list[Item]:
        """Return what stands behind the old entries of a list."""
        if isinstance(new, Ref) and new.number in self._replaced and new != old:
            raise AddedAfterSigning(f"An update changed the {what}.")
        self._serves_as(new, _N[b"Annots"], _N[b"Fields"])
        before, after = self._value(old, is_new=False) or [], self._value(new, is_new=True) or []
        if not isinstance(before, list) or not isinstance(after, list):
            raise AddedAfterSigning(f"An update changed the {what}.")
        if not is_same(after[: len(before)], before):
            raise AddedAfterSigning(f"An update changed the {what}.")
        return after[len(before) :]

    def _both(self, ref: Ref) -> tuple[dict[Name, Item], dict[Name, Item]]:
        old, new = self._value(ref, is_new=False), self._value(ref, is_new=True)
        if not isinstance(old, dict) or not isinstance(new, dict):
            raise AddedAfterSigning("An update put something else in place of a dictionary.")
        return old, new

    def _value(self, item: Item, *, is_new: bool) -> Item:
        """Follow a reference, in the old file or in the new one; note what is needed for it."""
        if not isinstance(item, Ref):
            return item
        if is_new and item.number in self.revision.objects:
            self._needed.add(item.number)
            return self.revision.objects[item.number]
        return self.before.resolve(item)

    def _now(self, number: int) -> Item:
        """Return an object as it stands with the update."""
        if number in self.revision.objects:
            return self.revision.objects[number]
        return self.before.object(number)

    def _serves_as(self, item: Item, *keys: Name) -> None:
        """Note that the signed file may refer to a replaced object under these keys alone."""
        if isinstance(item, Ref) and item.number in self._replaced:
            self._serve_as[item.number] = set(keys)

    def _require_nothing_else_served(self) -> None:
        if not self._serve_as:
            return
        for number, keys in self.before.keys_leading_to(self._serve_as.keys()).items():
            if not keys <= self._serve_as[number]:
                raise AddedAfterSigning("An update replaced something that serves the page too.")

    def _is_new(self, item: Item) -> bool:
        return isinstance(item, Ref) and item.number in self.revision.objects

    def _require_same_but(
        self, keys: set[Name], old: dict[Name, Item], new: dict[Name, Item], what: str
    ) -> None:
        others = ({k: v for k, v in each.items() if k not in keys} for each in (old, new))
        if not is_same(*others):
            raise AddedAfterSigning(f"An update changed the {what}.")


def _listed(numbers: set[int]) -> str:
    return ", ".join(str(each) for each in sorted(numbers)[:5])
