"""Structured logs. What looks like a secret never reaches them, wherever it stood."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_SECRET_KEYS = re.compile(r"token|secret|password|authorization|cookie|proof|csrf|^code$", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    r"((?:access_token|input_token|client_secret|fb_exchange_token|appsecret_proof|code|state)=)[^&\s\"']+"
    r"|((?:Bearer|OAuth)\s+)[^\s\"']+"
    r"|(/(?:link|first|feeds|i/follow|i)/)[\w-]+",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """A text with tokens, codes and one-time links blotted out."""
    return _SECRET_TEXT.sub(lambda found: (found[1] or found[2] or found[3]) + "***", text)


def _blot(_logger: Any, _name: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if _SECRET_KEYS.search(key) and not isinstance(value, bool | int | None):
            event[key] = "***"
        elif isinstance(value, str):
            event[key] = without_secrets(value)
    return event


def set_up(level: str = "info", form: str = "text") -> None:
    """Send all log lines, ours and the libraries', to standard error in one form: text or json."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _blot,
    ]
    last: Processor = structlog.dev.ConsoleRenderer(colors=False)
    if form == "json":
        last = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=last, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "uvicorn.access", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; call it with an event name and key=value facts, never with a secret."""
    return structlog.stdlib.get_logger(name)
