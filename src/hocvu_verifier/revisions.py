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
when the void is filled.
"""

from dataclasses import dataclass, field
from typing import Final

from hocvu_verifier.objects import Item, Name, Ref, Stream
from hocvu_verifier.refusals import AddedAfterSigning
from hocvu_verifier.xref import Document, Revision

_N: Final = {
    each: Name(each)
    for each in (
        b"AcroForm", b"Annots", b"DSS", b"Extensions", b"Fields", b"FT", b"ID", b"Info", b"Kids",
        b"ModDate", b"Producer", b"Rect", b"Root", b"SigFlags", b"Sig", b"Subtype", b"Type", b"V",
        b"Encrypt", b"Metadata", b"Page",
    )
}  # fmt: skip
_MAY_CHANGE_IN_ROOT: Final = {_N[b"AcroForm"], _N[b"DSS"], _N[b"Extensions"]}
_MAY_CHANGE_IN_FORM: Final = {_N[b"Fields"], _N[b"SigFlags"]}
_MAY_CHANGE_IN_INFO: Final = {_N[b"ModDate"], _N[b"Producer"]}
_NEW_FIELD: Final = {
    Name(each) for each in (b"FT", b"T", b"TU", b"V", b"Type", b"Subtype", b"F", b"P", b"Rect")
}
_DSS: Final = {Name(each) for each in (b"Type", b"Certs", b"OCSPs", b"CRLs", b"VRI")}
_VRI: Final = {Name(each) for each in (b"Type", b"Cert", b"OCSP", b"CRL", b"TU", b"TS")}
_PROOF: Final = {Name(each) for each in (b"Length", b"Filter", b"Type")}
_SIGNATURES: Final = {Name(b"Sig"), Name(b"DocTimeStamp")}
_ESIC: Final = Name(b"ESIC")


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

    def require_only_signs_or_proves(self) -> None:
        """Raise AddedAfterSigning when the update does anything else."""
        old, new = self.before.trailer, self.revision.trailer
        for key in (_N[b"Root"], _N[b"Info"], _N[b"Encrypt"]):
            if old.get(key) != new.get(key):
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
        brought = self.revision.objects.keys() - self.before.entries.keys()
        if brought & self.before.references():
            raise AddedAfterSigning("An update filled a place that the signed file left open.")

    def _root(self, root: Ref) -> None:
        old, new = self._both(root)
        self._require_same_but(_MAY_CHANGE_IN_ROOT, old, new, "root of the file")
        self._form(old.get(_N[b"AcroForm"]), new.get(_N[b"AcroForm"]))
        store = new.get(_N[b"DSS"])
        if store is None and _N[b"DSS"] in old:
            raise AddedAfterSigning("An update took away what proves the signatures.")
        if store != old.get(_N[b"DSS"]) or self._is_new(store):
            self._store(store)
            self._proves = store is not None
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
        fields = self._grown(old_form.get(_N[b"Fields"]), new_form.get(_N[b"Fields"]), "form")
        for each in fields:
            self._new_field(each)

    def _new_field(self, ref: Item) -> None:
        found = self.revision.objects.get(ref.number) if isinstance(ref, Ref) else None
        if (
            not isinstance(ref, Ref)
            or not isinstance(found, dict)
            or ref.number in self.before.entries
        ):
            raise AddedAfterSigning("An update added a field that is no signature.")
        rectangle = self.before.resolve(found.get(_N[b"Rect"], [0, 0, 0, 0]))
        invisible = rectangle == [0, 0, 0, 0]
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
        if found.get(_N[b"Type"]) not in _SIGNATURES or ref.number in self.before.entries:
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
            else:
                continue
            if [each for each in added if each not in self._new_fields]:
                raise AddedAfterSigning("An update put something onto a page.")
            self._needed.add(number)

    def _information(self, ref: Item) -> None:
        if isinstance(ref, Ref) and ref.number in self.revision.objects:
            old, new = self._both(ref)
            self._require_same_but(_MAY_CHANGE_IN_INFO, old, new, "description")

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

    def _store(self, item: Item) -> None:
        store = self._dictionary(item, _DSS)
        for key, proofs in store.items():
            if key == Name(b"VRI"):
                for about in self._dictionary(proofs, None).values():
                    for name, listed in self._dictionary(about, _VRI).items():
                        self._proofs(name, listed)
            else:
                self._proofs(key, proofs)

    def _proofs(self, key: Name, item: Item) -> None:
        """A list of streams that hold certificates, or answers about them."""
        if key in (_N[b"Type"], Name(b"TU")):
            return
        listed = self._value(item, is_new=True)
        for each in listed if isinstance(listed, list) else [item]:
            proof = self._value(each, is_new=True)
            if not isinstance(proof, Stream) or not proof.about.keys() <= _PROOF:
                raise AddedAfterSigning("What was added to prove signatures is something else.")

    def _dictionary(self, item: Item, keys: set[Name] | None) -> dict[Name, Item]:
        found = self._value(item, is_new=True)
        if not isinstance(found, dict) or (keys is not None and not found.keys() <= keys):
            raise AddedAfterSigning("What was added to prove signatures is something else.")
        return found

    def _extensions(self, old: Item, new: Item) -> None:
        """The one developer extension that PAdES names (EN 319 142-1, 5.6)."""
        before, after = self._value(old, is_new=False), self._value(new, is_new=True)
        before = before if isinstance(before, dict) else {}
        after = after if isinstance(after, dict) else {}
        if {**after, _ESIC: None} != {**before, _ESIC: None}:
            raise AddedAfterSigning("An update changed what the file says of its kind.")
        self._value(after.get(_ESIC), is_new=True)

    def _grown(self, old: Item, new: Item, what: str) -> list[Item]:
        """Return what stands behind the old entries of a list."""
        before, after = self._value(old, is_new=False) or [], self._value(new, is_new=True) or []
        if not isinstance(before, list) or not isinstance(after, list):
            raise AddedAfterSigning(f"An update changed the {what}.")
        if after[: len(before)] != before:
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

    def _is_new(self, item: Item) -> bool:
        return isinstance(item, Ref) and item.number in self.revision.objects

    def _require_same_but(
        self, keys: set[Name], old: dict[Name, Item], new: dict[Name, Item], what: str
    ) -> None:
        if {k: v for k, v in old.items() if k not in keys} != {
            k: v for k, v in new.items() if k not in keys
        }:
            raise AddedAfterSigning(f"An update changed the {what}.")


def _listed(numbers: set[int]) -> str:
    return ", ".join(str(each) for each in sorted(numbers)[:5])
