"""Letters go out behind the reader's back: whoever waits for an answer cannot tell whether one was written."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as Smtp

logger = logging.getLogger(__name__)


def can_be_sent() -> bool:
    """Whether this site has a mail server. Without one, nobody can prove an address."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


@cache
def carrier() -> ThreadPoolExecutor:
    """One thread, begun with the first letter; the server ends when its letters are out."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


class EmailBackend(Smtp):
    """SMTP, one letter after the other. One that fails is logged, and its reader may ask for another."""

    def send_messages(self, email_messages):
        carrier().submit(self.send_now, list(email_messages))
        return len(email_messages)

    def send_now(self, email_messages):
        try:
            super().send_messages(email_messages)
        except Exception:
            logger.exception("letter not sent")
