"""Log lines as plain as can be: a test prints thousands that nobody reads, unless it fails."""

import structlog


def set_up() -> None:
    """Where nothing else was set up: without colours, and with traces as Python writes them."""
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ]
    )
