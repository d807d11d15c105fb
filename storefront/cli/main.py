"""`storefront`: finds the command, runs it, turns refusals into a sentence and an exit code."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click
import msgspec

from catalog.kernel.errors import ShopError

# Loaded when asked for: `storefront understand` must not wait for the web framework.
_COMMANDS = {
    "serve": "storefront.cli.run:serve",
    "worker": "storefront.cli.run:worker",
    "demo": "storefront.cli.demo:demo",
    "db": "storefront.cli.database:db",
    "doctor": "storefront.cli.doctor:doctor",
    "shop": "storefront.cli.shop:shop",
    "keys": "storefront.cli.shop:keys",
    "catalog": "storefront.cli.catalog:catalog",
    "understand": "storefront.cli.understand:understand",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order a newcomer meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command, loaded."""
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="storefront")
def cli() -> None:
    """The shop that lives in a chat."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code: 0 done, 1 refused, 2 misuse."""
    try:
        cli.main(args=list(arguments), prog_name="storefront", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return 1
    except click.ClickException as error:
        error.show()
        return 2
    except ShopError as error:
        _say(error, as_json="--json" in arguments)
        return 1
    return 0


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def _say(error: ShopError, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode({"error": {"code": error.code, "detail": error.detail}}).decode(), err=True)
        return
    for line in error.detail.splitlines():
        click.echo(f"storefront: {line}", err=True)


if __name__ == "__main__":
    main()
