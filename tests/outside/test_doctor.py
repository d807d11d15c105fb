"""The doctor beside a running demo judges the demo, not a shop that would be started from the same folder."""

import json
import os
import subprocess
import sys

from storefront import config
from tests.outside.demo import Demo


def test_the_doctor_finds_no_fault_with_a_running_demo(demo: Demo) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}
    done = subprocess.run(
        [sys.executable, "-m", "storefront.cli.main", "doctor", "--json"],
        env=environment | {"STOREFRONT_HOME": str(demo.home)}, stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert [one for one in report["findings"] if one["weight"] == "fault"] == []
    assert (report["healthy"], done.returncode) == (True, 0)
    assert demo.url in str(report)
