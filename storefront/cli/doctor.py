"""`storefront doctor`: what is wrong with this install, and what to do."""

import asyncio

import click
import msgspec

from catalog.kernel.errors import Misconfigured, ShopError
from storefront import config
from storefront.cli.database import reached
from storefront.cli.demo import beside
from storefront.doctor import examine
from storefront.findings import Finding, Weight

_MARKS = {Weight.FAULT: "✗", Weight.WARNING: "!", Weight.FINE: "✓"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def doctor(*, as_json: bool) -> None:
    """Examine settings, database, worker, channels and payment accounts; each finding says cause and next step."""
    findings = _findings(as_json=as_json)
    faulty = any(finding.weight is Weight.FAULT for finding in findings)
    if as_json:
        report = {"healthy": not faulty, "findings": [finding.shown() for finding in findings]}
        click.echo(msgspec.json.encode(report).decode())
    elif not faulty:
        click.echo("No fault.")
    if faulty:
        raise click.exceptions.Exit(1)


def _findings(*, as_json: bool) -> list[Finding]:
    found: list[Finding] = []

    def note(finding: Finding) -> None:
        found.append(finding)
        if not as_json:
            click.echo(f"{_MARKS[finding.weight]} {finding.area}: {finding.cause}")
            if finding.next_step:
                click.echo(f"    → {finding.next_step}")

    async def look() -> None:
        async for finding in examine(settings):
            note(finding)

    try:
        with reached(beside(config.load())) as settings:
            asyncio.run(look())
    except Misconfigured as error:
        for line in error.detail.splitlines():
            note(Finding("settings", Weight.FAULT, line, "docs/settings.md says what each setting takes"))
    except ShopError as error:
        note(Finding("database", Weight.FAULT, error.detail, "mend what the sentence names and run the doctor again"))
    return found
