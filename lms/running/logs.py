"""What is logged: structured lines, each with the id of the request behind it.

A task carries the id of the request that asked for it, so that one word finds the whole story.
"""

import re
import time
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import Processor

CHATTY = (
    "boto3",
    "botocore",
    "celery",
    "fontTools",
    "kombu",
    "s3transfer",
    "urllib3",
    "weasyprint",
)
# Who reads logs must not be able to set somebody's password, nor to read their calendar.
SECRET = re.compile(r"(/accounts/forgotten/)[^/]+/[^/]+/|(/calendar/)[^/]+/")

# What every line gets, whether it came by structlog or by Python's own logging.
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
RENDERERS: dict[str, list[Processor]] = {
    "text": [
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ],
    "json": [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
}


def configure(*, level: str, form: str) -> dict[str, Any]:
    """Return Django's LOGGING: lines on the standard error, for whoever keeps logs to collect.

    `form` is a key of `RENDERERS`; `level` is how much is said: with INFO a line for each request.
    """
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    only_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    quiet = {name: {"level": "WARNING"} for name in (*CHATTY, "django")}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [only_meta, *RENDERERS[form]],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            **quiet,
            "django.request": {"level": "CRITICAL"},  # RequestLog says the same, with its id
            "waitress.queue": {"level": "ERROR"},  # which warns of each request that waits
        },
    }


def without_secrets(path: str) -> str:
    """Return a path without what would let its reader set a password or follow a calendar."""
    return SECRET.sub(lambda found: f"{found[1] or found[2]}…/", path)


def request_id() -> str:
    """Return the id of the request that is answered now, or nothing outside one."""
    return structlog.contextvars.get_contextvars().get("request_id", "")


class RequestLog(RequestMiddleware):
    """One line a request: what was asked, by whom, how it ended and how long it took.

    The answer names the id in `X-Request-ID`.
    """

    def prepare(self, request: HttpRequest) -> None:
        request.began = time.perf_counter()  # type: ignore[attr-defined]
        super().prepare(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        took = time.perf_counter() - request.began  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(ms=round(1000 * took))
        response.headers["X-Request-ID"] = request_id()
        file = getattr(response, "file_to_stream", None)
        super().handle_response(request, response)  # which makes a stream of a file, to log its end
        if file is not None:
            response.file_to_stream = file  # type: ignore[attr-defined]  # the server sends it itself

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the method and the path, without what was searched for and without secrets."""
        return f"{request.method} {without_secrets(request.path)}"
