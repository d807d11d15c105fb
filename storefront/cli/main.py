"""`storefront`: finds the command, runs it, turns refusals into a sentence and an exit code."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click
import msgspec

from catalog.kernel.errors import ShopError

# Loaded when asked for: `storefront understand` must not wait for the web framework, nor `--help` for anything.
_COMMANDS = {
    "demo": ("storefront.cli.demo:demo", "The whole shop on this machine, with sample goods and the lab."),
    "serve": ("storefront.cli.run:serve", "The shop: web, with a worker beside it."),
    "worker": ("storefront.cli.run:worker", "Delivery and jobs alone."),
    "db": ("storefront.cli.database:db", "The database's schema."),
    "doctor": ("storefront.cli.doctor:doctor", "What is wrong with this install, and what to do."),
    "shop": ("storefront.cli.shop:shop", "Shops of this install."),
    "keys": ("storefront.cli.shop:keys", "API keys: made, listed, revoked."),
    "catalog": ("storefront.cli.catalog:catalog", "Goods: imported from files."),
    "understand": ("storefront.cli.understand:understand", "Read sentences as the bot does, without a database."),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order a newcomer meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command, loaded."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """What each command is for, without loading it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="storefront")
def cli() -> None:
    """The shop that lives in a chat."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code: 0 done, 1 refused, 2 misuse."""
    try:
        # What a command exits with comes back from here as a number; click raises it only when it stands alone.
        code = cli.main(args=list(arguments), prog_name="storefront", standalone_mode=False)
    except click.Abort:
        return 1
    except click.ClickException as error:
        error.show()
        return 2
    except ShopError as error:
        _say(error, as_json="--json" in arguments)
        return 1
    return code if isinstance(code, int) else 0


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
