"""Counters and gauges of this process in Prometheus' text form (exposition format 0.0.4).

Several processes answer at one address, each with counters of its own: the label `process` tells them apart.
"""

import os
from collections import Counter
from collections.abc import Mapping

_counters: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()


def count(name: str, amount: int = 1, **labels: str) -> None:
    """Add to a counter."""
    _counters[name, tuple(sorted(labels.items()))] += amount


def expose(gauges: Mapping[str, float]) -> str:
    """All counters of this process and the gauges given."""
    lines: list[str] = []
    for (name, labels), value in sorted(_counters.items()):
        shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in (*labels, ("process", str(os.getpid()))))
        lines.append(f"storefront_{name}_total{{{shown}}} {value}")
    lines += [f"storefront_{name} {value:g}" for name, value in sorted(gauges.items())]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
