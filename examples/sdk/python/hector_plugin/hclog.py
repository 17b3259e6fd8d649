"""The log for the host: lines of JSON on standard error, in the format of hclog."""

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
    """Installs this handler for the log, unless the plugin has installed another.

    The host decides which lines are shown: by default only warnings and errors."""
    root = logging.getLogger()
    if root.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
