"""How pytest-xdist shares the suite among its processes: whole files, those that take long before all others.

What a file's tests share is so made once, and no process is left alone with a long test at the end. The mark
`xdist_group` and its --dist=loadgroup are not used: the groups of pytest-xdist 3.8 are lost on pytest 9.2 in silence.
"""

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

_ONE_DEMO = "tests/outside/"  # what its files share is a whole install that runs


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out files in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return _ONE_DEMO if nodeid.startswith(_ONE_DEMO) else nodeid.partition("::")[0]


class Controller:
    """For the process that hands out the tests."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: object) -> ByFile:
        """Called by pytest-xdist when the run begins."""
        config.option.loadscopereorder = False  # a file with many tests is not one that takes long
        return ByFile(config, log)


class Worker:
    """For each process that runs tests."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Files with slow tests first; otherwise nothing changes its place."""
        slow = {item.path for item in items if any(item.iter_markers("slow")) or any(item.iter_markers("browser"))}
        items.sort(key=lambda item: item.path not in slow)
