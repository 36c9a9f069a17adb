"""The entry point of `ledgerctl`: Ctrl-C while it still loads ends it silently, like any other program."""

import signal

from services.cli.legible import speak_legibly, use_utf8_for_files


def main() -> None:
    """Run `ledgerctl`."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:  # Unless it was started in the background with SIGINT ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    use_utf8_for_files()
    speak_legibly()
    from services.cli.main import app

    signal.signal(signal.SIGINT, handler)
    app()


if __name__ == "__main__":
    main()
