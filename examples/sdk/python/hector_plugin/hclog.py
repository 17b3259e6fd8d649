"""The log where the host reads it: lines of JSON on standard error, in the form of hclog."""

import datetime
import json
import logging
import sys

LEVELS = {
    logging.DEBUG: "debug", logging.INFO: "info", logging.WARNING: "warn",
    logging.ERROR: "error", logging.CRITICAL: "error",
}


class Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        when = datetime.datetime.fromtimestamp(record.created, datetime.timezone.utc)
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        line = {
            "@level": LEVELS.get(record.levelno, "debug"),
            "@message": message,
            "@module": record.name,
            "@timestamp": when.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            **getattr(record, "values", {}),
        }
        return json.dumps(line, default=str)


def install() -> None:
    """Makes this the log's way out, unless the plugin has chosen another.

    The host decides what is shown, and shows nothing below warnings unless asked."""
    root = logging.getLogger()
    if root.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
