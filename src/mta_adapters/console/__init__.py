"""Messages on the terminal that MTA runs in."""

from mta_adapters.console.notifier import ConsoleNotifier

__all__ = ["ConsoleNotifier"]
