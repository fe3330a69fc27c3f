"""The command itself: errors are one line."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click

BAD_INPUT = 2
UNDECIDED = 3
INTERRUPTED = 130


class OneLine(click.Group):
    """Errors are one line on stderr."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(BAD_INPUT)
        except click.ClickException as error:
            fail(error.format_message(), BAD_INPUT)
        except (click.Abort, KeyboardInterrupt):
            fail("interrupted; nothing was written", INTERRUPTED)  # before any command had begun
        else:
            sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            from verify.cli.interruption import message

            click.echo(err=True)  # after the terminal's ^C
            fail(message(ctx), INTERRUPTED)


def fail(message: str, code: int) -> NoReturn:
    click.echo("approxcert: " + " ".join(message.split()), err=True)
    sys.exit(code)


def _say_versions(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from verify.cli.versions import text

        click.echo(text())
        context.exit()


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_versions,
    help="Print the versions of approxcert and of what it builds on.",
)
def main() -> None:
    """Builds the neural networks of approximation theorems exactly, and certifies their error bounds.

    Exit status: 0 every stated property proved, 1 something refuted, 2 bad input, 3 undecided.
    """
