"""Where `ledgerctl` begins: Ctrl-C while it still loads ends it without a word, as it ends any other program."""

import signal


def main() -> None:
    """Run `ledgerctl`."""
    given = signal.getsignal(signal.SIGINT)
    if given is signal.default_int_handler:  # Else whoever started it in the background has it ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from services.cli.main import app

    signal.signal(signal.SIGINT, given)
    app()
