"""What other institutions do with this room, as functions of a command line.

`run_witness` and `cosign` make any institution a witness; `audit_register` lets anybody check a
published log. They tell what they do in two languages, a line a sentence; they need no database,
and nothing of this installation but the log's public key.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
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
from hocvu.register.tiles import Folder, PublishedTree, Source, published_note
from hocvu.register.witness import AddCheckpoint, NotTheLastSize, Witness
from hocvu.register.witness_client import KnownWitness, remembered_by
from hocvu.register.witness_server import serve_until_stopped

Tell = Callable[[str], None]

DONE, REFUSED, WRONG_USE, UNDETERMINED = 0, 1, 2, 4  # as in `hocvu.config.cli.Exit`
_KEY_FILE = "witness.key"
_MOST_FINDINGS = 50


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


def audit_register(
    place: str,
    log_keys: Iterable[str],
    *,
    witnesses: Iterable[str] = (),
    memory: Path | None = None,
    has_entries: bool = True,
    tell: Tell,
) -> int:
    """Check a whole published log at an address or in a folder.

    `witnesses` are lines `<key> <address>`; they are asked what they have seen. `memory` is the
    auditor's own file: the head found whole is kept there, and the next audit starts from it.
    """
    try:
        trusted = _keys(log_keys)
        known = [KnownWitness.from_line(line) for line in witnesses]
    except KeyIsMalformed as refusal:
        return _wrong_use(refusal, tell)
    try:
        with ExitStack() as stack:
            source = _source(place, stack)
            earlier = [*_remembered(memory, trusted), *_seen_by(known, trusted, tell)]
            found = audit(
                source,
                trusted,
                witness_keys=[each.key for each in known],
                earlier=earlier,
                has_entries=has_entries,
            )
    except NotReachable as refusal:
        tell(f"? Không xác định. / Cannot be determined: {refusal}")
        return UNDETERMINED
    except RegisterRefusal as refusal:  # what a witness shows, or what was kept, is not genuine
        tell(f"✕ Bằng chứng để so sánh không đúng. / What to compare with is false: {refusal}")
        return REFUSED
    for line in report(found):
        tell(line)
    if found.is_whole and memory is not None:
        with alone(memory.parent):
            put(memory.parent, {Path(memory.name): found.note.encode()})
    return DONE if found.is_whole else REFUSED


def report(found: Audit) -> list[str]:
    """An audit in words."""
    lines = []
    if found.checkpoint is not None:
        size, origin = f"{found.checkpoint.size:,}".replace(",", "."), found.checkpoint.origin
        lines.append(f"{origin}: {size} mục / entries, {found.checkpoint.root.hex()}")
    lines += [
        f"  · {each.witness.name} đã đồng ký / cosigned {each.at.isoformat()}"
        for each in found.cosignatures
    ]
    if found.is_whole:
        return [*lines, "✓ Nhật ký nguyên vẹn. / The log is whole."]
    lines.append(f"✕ Nhật ký có sai lệch / Something is wrong with the log: {len(found.findings)}")
    lines += [f"  · {sentence_of(each)}" for each in found.findings[:_MOST_FINDINGS]]
    return lines


def sentence_of(finding: Finding) -> str:
    vietnamese, english = _SENTENCES[finding.trouble]
    return f"{vietnamese} / {english}: {finding.where}"


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
