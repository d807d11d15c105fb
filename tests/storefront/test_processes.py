"""What each process loads: memory is spent where it is used."""

import subprocess
import sys

import pytest

_NOT_IN = {
    "storefront.worker": ("litestar", "jinja2", "uvicorn", "alembic"),
    "storefront.app": ("procrastinate", "psycopg", "alembic"),
    "storefront.cli.child": ("sqlalchemy", "litestar", "procrastinate"),
}


@pytest.mark.parametrize("process", _NOT_IN)
def test_a_process_leaves_out_what_only_others_need(process: str) -> None:
    code = f"import sys, {process}; print(*(name for name in {_NOT_IN[process]!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
