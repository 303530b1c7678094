"""What other institutions do with this room, as functions of a command line.

`run_witness` and `cosign` make any institution a witness; `audit_register` lets anybody check a
published log. They tell what they do in two languages, a line a sentence; they need no database,
and nothing of this installation but the log's public key.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hocvu.register.auditing import Audit, EarlierHead, Finding, Trouble, audit, earlier_head
from hocvu.register.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from hocvu.register.cosignature import WitnessKey
from hocvu.register.durable import alone, put
from hocvu.register.errors import RegisterRefusal
from hocvu.register.fetching import NotReachable, Site
from hocvu.register.merkle import consistency_proof
from hocvu.register.note import KeyIsMalformed, SigningKey
from hocvu.register.status_lists import ShownList, held_against, lists_shown
from hocvu.register.tiles import Folder, PublishedTree, Source, published_note
from hocvu.register.witness import AddCheckpoint, NotTheLastSize, Witness
from hocvu.register.witness_client import KnownWitness, remembered_by
from hocvu.register.witness_server import serve_until_stopped
from hocvu_verifier import Issuers, NotVerified

Tell = Callable[[str], None]

DONE, REFUSED, WRONG_USE, UNDETERMINED = 0, 1, 2, 4  # as in `hocvu.config.cli.Exit`
_KEY_FILE = "witness.key"
_MOST_FINDINGS = 50
_LOG_OF_A_SITE = "/log"  # where an installation publishes its log; its lists lie beside that
_ISSUERS_OF_A_SITE = Path("trust", "issuers.json")


def open_witness(folder: Path, name: str, log_keys: Iterable[str]) -> Witness:
    """The witness of this folder; its key is made the first time, under this name.

    A log's key is given as its text, or as a file with one such text a line.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        if not (folder / _KEY_FILE).exists():
            SigningKey.generate(name).save(folder / _KEY_FILE)
    return Witness(folder, SigningKey.load(folder / _KEY_FILE), _keys(log_keys))


def run_witness(
    folder: Path, name: str, log_keys: Iterable[str], *, host: str, port: int, tell: Tell
) -> int:
    """Answer requests for cosignatures until the process is asked to end."""
    try:
        witness = open_witness(folder, name, log_keys)
    except KeyIsMalformed as refusal:
        return _wrong_use(refusal, tell)
    _introduce(witness, tell)
    serve_until_stopped(witness, host=host, port=port, tell=tell)
    return DONE


def cosign(
    folder: Path, name: str, log_keys: Iterable[str], place: str, *, at: datetime, tell: Tell
) -> int:
    """Look at a published log once and cosign its head: a witness without a server of its own.

    The cosigned head stands in the witness's folder afterwards; anybody may be given that file.
    """
    try:
        witness = open_witness(folder, name, log_keys)
    except KeyIsMalformed as refusal:
        return _wrong_use(refusal, tell)
    _introduce(witness, tell)
    try:
        with ExitStack() as stack:
            line = _cosigned(witness, _source(place, stack), at)
    except RegisterRefusal as refusal:
        tell(f"✕ Không đồng ký. / Not cosigned: {refusal}")
        return UNDETERMINED if isinstance(refusal, NotReachable) else REFUSED
    tell("✓ Đã đồng ký. / Cosigned:")
    tell(line.rstrip("\n"))
    return DONE


@dataclass(frozen=True)
class StatusLists:
    """Where the status lists are, and the keys of those who sign them; `at` is now.

    Both places may be left empty for a log at `<site>/log`: they are then the site's own.
    """

    at: datetime
    place: str = ""
    issuers: str = ""  # a file or an address


def audit_register(
    place: str,
    log_keys: Iterable[str],
    *,
    witnesses: Iterable[str] = (),
    memory: Path | None = None,
    has_entries: bool = True,
    lists: StatusLists | None = None,
    tell: Tell,
) -> int:
    """Check a whole published log at an address or in a folder.

    `witnesses` are lines `<key> <address>`; they are asked what they have seen. `memory` is the
    auditor's own file: the head found whole is kept there, and the next audit starts from it.
    `lists`: the published status lists are held against the log as well.
    """
    try:
        trusted = _keys(log_keys)
        known = [KnownWitness.from_line(line) for line in witnesses]
    except KeyIsMalformed as refusal:
        return _wrong_use(refusal, tell)
    try:
        with ExitStack() as stack:
            source = _source(place, stack)
            shown = None if lists is None else _shown_lists(lists, place, stack)
            earlier = [*_remembered(memory, trusted), *_seen_by(known, trusted, tell)]
            found = audit(
                source,
                trusted,
                witness_keys=[each.key for each in known],
                earlier=earlier,
                has_entries=has_entries,
            )
            said = ""
            if lists is not None:
                found, said = _with_lists(found, shown, lists.at)
    except KeyIsMalformed as refusal:
        return _wrong_use(refusal, tell)
    except NotReachable as refusal:
        tell(f"? Không xác định. / Cannot be determined: {refusal}")
        return UNDETERMINED
    except (RegisterRefusal, NotVerified) as refusal:  # a witness's, or kept, and not genuine
        tell(f"✕ Bằng chứng để so sánh không đúng. / What to compare with is false: {refusal}")
        return REFUSED
    for line in report(found, said):
        tell(line)
    if found.is_whole and memory is not None:
        with alone(memory.parent):
            put(memory.parent, {Path(memory.name): found.note.encode()})
    return DONE if found.is_whole else REFUSED


@dataclass(frozen=True)
class _Shown:
    """The lists that were read, whose they are to be, and how to look again."""

    source: Source
    lists: list[ShownList]
    issuers: Issuers


def _shown_lists(lists: StatusLists, place: str, stack: ExitStack) -> _Shown | None:
    """What is published beside the log; None where it is not known where, or by whom."""
    is_site = "://" in place and place.rstrip("/").endswith(_LOG_OF_A_SITE)
    site = place.rstrip("/").removesuffix(_LOG_OF_A_SITE) if is_site else ""
    where = lists.place or site or ("" if "://" in place else place)
    keys = _issuers(lists.issuers, site, stack)
    if not where or keys is None:
        return None
    source = _source(where, stack)
    return _Shown(source, lists_shown(source), keys)


def _issuers(named: str, site: str, stack: ExitStack) -> Issuers | None:
    """The keys in a file of the auditor's own, at an address, or those the site itself shows."""
    if named and "://" not in named:
        try:
            return Issuers.read(Path(named).read_bytes())
        except (OSError, NotVerified) as refusal:
            raise KeyIsMalformed(f"{named}: {refusal}") from refusal
    folder, _, name = named.rpartition("/")
    where, path = (folder, Path(name)) if named else (site, _ISSUERS_OF_A_SITE)
    content = _source(where, stack).read(path) if where else None
    return None if content is None else Issuers.read(content)


def _with_lists(found: Audit, shown: _Shown | None, at: datetime) -> tuple[Audit, str]:
    """The same audit with what the status lists say otherwise than the log; a line about them."""
    if found.places is None or not found.places.begun:
        return found, ""
    if shown is None or not shown.lists:
        return found, _NOT_COMPARED
    lists, known = shown.lists, {each.number for each in shown.lists}
    if found.places.begun.keys() - known:  # a new one may have been begun meanwhile
        lists = [each for each in lists_shown(shown.source) if each.number not in known] + lists
    troubles = tuple(held_against(found.places, lists, issuers=shown.issuers, at=at))
    if troubles:
        return replace(found, findings=(*found.findings, *troubles)), ""
    return found, _LISTS_AGREE.format(count=len(lists), places=len(found.places.changes))


_NOT_COMPARED = (
    "? Chưa đối chiếu danh sách trạng thái (thu hồi): không có ở đây, hoặc chưa cho biết khóa của "
    "nơi cấp (--lists, --issuers). / Status lists (of revocations) were not compared: they are not "
    "here, or the issuers' keys are not given (--lists, --issuers)."
)
_LISTS_AGREE = (
    "✓ Danh sách trạng thái khớp với nhật ký: {count} danh sách, {places} chỗ đã thay đổi. / "
    "The status lists agree with the log: {count} lists, {places} places changed."
)


def report(found: Audit, about_lists: str = "") -> list[str]:
    """An audit in words; `about_lists` stands in front of the verdict."""
    lines = []
    if found.checkpoint is not None:
        size, origin = f"{found.checkpoint.size:,}".replace(",", "."), found.checkpoint.origin
        lines.append(f"{origin}: {size} mục / entries, {found.checkpoint.root.hex()}")
    kinds = found.places.kinds if found.places is not None else {}
    lines += [
        f"  · {vietnamese} / {english}: {kinds[kind]}"
        for kind, (vietnamese, english) in _KINDS.items()
        if kind in kinds
    ]
    lines += [
        f"  · {each.witness.name} đã đồng ký / cosigned {each.at.isoformat()}"
        for each in found.cosignatures
    ]
    lines += [about_lists] if about_lists else []
    if found.is_whole:
        return [*lines, "✓ Nhật ký nguyên vẹn. / The log is whole."]
    lines.append(f"✕ Nhật ký có sai lệch / Something is wrong with the log: {len(found.findings)}")
    lines.append("  (Số của mục đếm từ 0. / Entries are counted from 0.)")
    return [*lines, *(f"  · {sentence_of(each)}" for each in found.findings[:_MOST_FINDINGS])]


def sentence_of(finding: Finding) -> str:
    vietnamese, english = _SENTENCES[finding.trouble]
    return f"{vietnamese} / {english}: {finding.where}"


_KINDS = {
    "issue": ("cấp", "issued"),
    "revoke": ("thu hồi", "revoked"),
    "reinstate": ("khôi phục hiệu lực", "in force again"),
    "supersede": ("chỉnh sửa", "corrected"),
    "reissue": ("tệp được làm lại", "files made anew"),
    "duplicate": ("bản sao từ sổ gốc", "copies from the register"),
}
_SENTENCES = {
    Trouble.NO_HEAD: (
        "Không có điểm chốt do nhật ký này ký",
        "There is no head signed by this log",
    ),
    Trouble.COSIGNATURE_FORGED: (
        "Chữ ký của bên chứng kiến không đúng",
        "A witness did not sign what is shown as its",
    ),
    Trouble.TILE_DAMAGED: ("Tệp thiếu hoặc hỏng", "A file is missing or damaged"),
    Trouble.TILES_DISAGREE: ("Hai tệp không khớp nhau", "Two files do not agree"),
    Trouble.ROOT_DIFFERS: (
        "Các mục không tạo ra cây đã ký",
        "The entries do not make the tree that was signed",
    ),
    Trouble.HISTORY_REWRITTEN: (
        "Lịch sử đã bị viết lại giữa hai mốc này",
        "History was rewritten between these sizes",
    ),
    Trouble.TAIL_CUT: (
        "Phần cuối đã bị cắt: trước đây nhật ký dài hơn",
        "The tail was cut: the log has been longer",
    ),
    Trouble.ENTRY_CHANGED: (
        "Mục không phải là mục đã ghi",
        "An entry is not the one that was entered",
    ),
    Trouble.ENTRY_SENSELESS: (
        "Mục sai dạng, hoặc nói về một mục không có hay không thể như vậy",
        "An entry is malformed, or of something that is not there or cannot be",
    ),
    Trouble.CLOCK_SET_BACK: (
        "Mục ghi thời điểm sớm hơn mục đứng trước: đồng hồ bị chỉnh lùi",
        "An entry claims a moment before the ones in front of it: a clock was set back",
    ),
    Trouble.BACK_DATED: (
        "Mục ghi lùi ngày: lúc đó bên chứng kiến chưa thấy mục này",
        "A back-dated entry: at that moment a witness saw the log without it",
    ),
    Trouble.PLACE_SHARED: (
        "Mục dùng chỗ trong danh sách trạng thái đã cấp cho giấy khác",
        "An entry was given a place in a status list that another certificate has",
    ),
    Trouble.STATUS_MISSING: (
        "Thiếu danh sách trạng thái: không ai đối chiếu được thu hồi",
        "A status list is missing: nobody can look up revocations in it",
    ),
    Trouble.STATUS_FORGED: (
        "Danh sách trạng thái hỏng, hoặc không do nơi cấp ký",
        "A status list is damaged, or its issuer did not sign it",
    ),
    Trouble.STATUS_HIDDEN: (
        "Danh sách trạng thái giấu một việc thu hồi hay chỉnh sửa đã vào sổ gốc (chỗ; mục)",
        "A status list hides a revocation or correction that was entered (place; entry)",
    ),
    Trouble.STATUS_UNFOUNDED: (
        "Danh sách trạng thái báo thu hồi mà sổ gốc không có mục thu hồi còn hiệu lực (chỗ; mục)",
        "A status list takes back what no entry takes back now (place; entry)",
    ),
}


def _keys(texts: Iterable[str]) -> list[VerifierKey]:
    lines: list[str] = []
    for text in texts:
        file = Path(text)
        lines += file.read_text(encoding="utf-8").split() if file.is_file() else [text.strip()]
    return [VerifierKey.from_text(line) for line in lines]


def _wrong_use(refusal: KeyIsMalformed, tell: Tell) -> int:
    tell(f"✕ Khóa không đúng dạng. / Not a key: {refusal}")
    return WRONG_USE


def _introduce(witness: Witness, tell: Tell) -> None:
    tell(f"Khóa của bên chứng kiến / Key of this witness: {witness.public_key.to_text()}")
    for key in witness.log_keys:
        tell(f"Chứng kiến nhật ký / Watches the log: {key.name}")


def _source(place: str, stack: ExitStack) -> Source:
    if "://" in place:
        return stack.enter_context(Site(place))
    return Folder(Path(place))


def _cosigned(witness: Witness, source: Source, at: datetime) -> str:
    note = published_note(source)
    if note is None:
        raise NotReachable("Nothing is published there.")
    head: Checkpoint = open_checkpoint(note, witness.log_keys)
    try:
        return witness.add_checkpoint(AddCheckpoint(0, (), note).to_text(), at=at)
    except NotTheLastSize as last:
        if last.size > head.size:
            raise
        proof = consistency_proof(PublishedTree(source, head.head), last.size)
        return witness.add_checkpoint(AddCheckpoint(last.size, proof, note).to_text(), at=at)


def _remembered(memory: Path | None, trusted: list[VerifierKey]) -> list[EarlierHead]:
    if memory is None or not memory.exists():
        return []
    return [earlier_head(memory.read_text(encoding="utf-8"), trusted)]


def _seen_by(
    known: list[KnownWitness], trusted: list[VerifierKey], tell: Tell
) -> list[EarlierHead]:
    """What the witnesses have seen last; one that does not answer is named and left out."""
    heads: list[EarlierHead] = []
    origins = dict.fromkeys(key.name for key in trusted)
    for witness in known:
        try:
            shown = [remembered_by(witness, origin) for origin in origins]
            heads += [earlier_head(note, trusted, witness.key) for note in shown if note]
        except NotReachable as refusal:
            tell(f"? {witness.key.name}: {refusal}")
    return heads


def key_of_witness(folder: Path) -> WitnessKey:
    return WitnessKey.of(SigningKey.load(folder / _KEY_FILE))
