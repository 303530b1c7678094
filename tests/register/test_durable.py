"""A file is there whole or not at all, however many write it at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hocvu.register.durable import PRIVATE, put, put_whole


def test_writers_at_once_leave_one_whole_file_and_nothing_else(tmp_path):
    file = tmp_path / "new" / "font"
    contents = [bytes([number]) * 200_000 for number in range(16)]

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda content: put_whole(file, content), contents))

    assert file.read_bytes() in contents
    assert [each.name for each in file.parent.iterdir()] == ["font"]


def test_what_is_private_is_nobody_elses_from_its_first_moment_on(tmp_path):
    put_whole(tmp_path / "password", "mật khẩu", mode=PRIVATE)

    assert (tmp_path / "password").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "password").read_text("utf-8") == "mật khẩu"


def test_a_writer_that_fails_leaves_the_old_file_and_no_rest(tmp_path):
    (tmp_path / "kept").mkdir()  # a folder cannot be replaced by a file

    with pytest.raises(IsADirectoryError):
        put_whole(tmp_path / "kept", b"new")

    assert [each.name for each in tmp_path.iterdir()] == ["kept"]


def test_several_files_are_brought_together_and_none_is_written_twice(tmp_path):
    put(tmp_path, {Path("tile/0"): b"leaves", Path("checkpoint"): b"head"})
    untouched = (tmp_path / "tile/0").stat()

    put(tmp_path, {Path("tile/0"): b"leaves", Path("checkpoint"): b"new head"})

    assert (tmp_path / "tile/0").stat() == untouched
    assert (tmp_path / "checkpoint").read_bytes() == b"new head"
    assert (tmp_path / "checkpoint").stat().st_mode & 0o777 == 0o644
    assert {each.name for each in tmp_path.rglob("*")} == {"tile", "0", "checkpoint"}
