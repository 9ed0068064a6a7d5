"""gunicorn's own log in our lines. It writes no access log: `access_lines` does, and knows better what happened."""

import logging
import os

from gunicorn.config import Config
from gunicorn.glogging import Logger

from conference.logs.log_lines import JsonLines, PlainLines


class GunicornLines(Logger):
    """gunicorn's logger, with our lines."""

    def setup(self, cfg: Config) -> None:
        """Set gunicorn's handlers up, each with our lines; the settings are not read in this process."""
        super().setup(cfg)
        lines: logging.Formatter = PlainLines() if os.environ.get("LOG_FORMAT") == "plain" else JsonLines()
        for handler in self.error_log.handlers:
            handler.setFormatter(lines)
