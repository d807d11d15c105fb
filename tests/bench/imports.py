"""Import of a large file, as a process of its own: rows per second and peak memory."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SIZES = ("XS", "S", "M", "L", "XL")


def measure(environment: Mapping[str, str], folder: Path, rows: int) -> dict[str, Any]:
    """Write a CSV with so many rows and import it into the benchmark's shop."""
    file = folder / "import.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("handle,title,category,sku,price,size,stock\n")
        for number in range(rows):
            product, size = divmod(number, len(_SIZES))
            out.write(f"i{product},Hemd {product},clothes/shirts,I{product}-{_SIZES[size]},29.90,{_SIZES[size]},5\n")
    command = [
        sys.executable, "-m", "storefront.cli.main", "catalog", "import", str(file), "--shop", "bench", "--json",
    ]  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    report: dict[str, Any] = {"rows": rows, "rate": round(rows / took, 1), "exit": done.returncode}
    if done.returncode:
        report["error"] = done.stderr[-300:]
    else:
        report["summary"] = json.loads(done.stdout.splitlines()[-1]).get("summary")
    return {**report, "peak_mb_of_any_child": round(peak)}
