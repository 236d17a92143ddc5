"""A command on an empty folder says what is missing, in a sentence."""

import os
import subprocess
import sys

from corredor.interfaces.cli.stamp import fingerprint


def test_a_command_before_the_first_migration_says_what_to_run(tmp_path):
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in {"CORREDOR_DATABASE_URL", "CORREDOR_MODE"}
    }
    done = subprocess.run(
        [sys.executable, "-m", "corredor", "people", "list"],
        env={**environment, "CORREDOR_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "corredor migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_python_compiles_does_not_change_the_fingerprint(tmp_path):
    shipped = tmp_path / "areas" / "flows" / "shipped"
    shipped.mkdir(parents=True)
    (shipped / "__init__.py").write_text("")
    before = fingerprint(tmp_path)

    (shipped / "__pycache__").mkdir()
    (shipped / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"compiled")
    compiled = fingerprint(tmp_path)
    (shipped / "figures.csv").write_text("1")

    assert compiled == before
    assert fingerprint(tmp_path) != before
