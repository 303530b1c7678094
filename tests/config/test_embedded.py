"""The PostgreSQL that comes with the house, started by several at once."""

import os
import subprocess
import sys

_START = "from hocvu.config import embedded; print(embedded.start('cold'))"


def test_processes_that_start_it_cold_at_once_all_get_it(tmp_path):
    own = {**os.environ, "HOCVU_HOME": str(tmp_path)}
    starting = [
        subprocess.Popen([sys.executable, "-c", _START], env=own, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]

    told = [each.communicate(timeout=60)[0].strip() for each in starting]

    assert [each.returncode for each in starting] == [0, 0, 0]
    assert len(set(told)) == 1
    assert "cold" in told[0]
