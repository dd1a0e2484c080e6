"""Every way in which the quiz says no: a code for the script, a status for the network, a sentence for the reader.

Two more come from `curriculum.errors`, for every page: `csrf` (403) and `busy` (503, with Retry-After).
"""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "malformed_json": (400, _("We could not read what your device sent. Please load this page again.")),
    "invalid_request": (422, _("We could not read what your device sent. Please load this page again.")),
    "too_large": (413, _("That was too much text. Choose from the answers on this page.")),
    "no_learner": (
        401,
        _("You are signed out. Your answers are still on this device: sign in or join again to go on."),
    ),
    "not_found": (404, _("This quiz is not here any more.")),
    "unknown_item": (422, _("One of these answers belongs to another quiz. Please start again here.")),
    "unknown_choice": (422, _("That answer does not belong to this question. Choose one from the list.")),
    "unfinished_response": (422, _("This answer is not finished yet. Finish it, or press Skip.")),
    "nothing_chosen": (422, _("Choose an answer, or press Skip.")),
    "already_checked": (409, _("You have seen the feedback on this question, so its answer stays.")),
    "feedback_at_the_end": (409, _("In this quiz the feedback comes at the end.")),
    "attempt_closed": (409, _("This quiz was finished in another window.")),
    "old_version": (409, _("This quiz has changed since you opened it. Please load this page again.")),
    "method_not_allowed": (405, _("We could not read what your device sent. Please load this page again.")),
}


class Refused(Exception):
    """A request that changes nothing. `item` is the item that it is about, if it is about one."""

    def __init__(self, code: str, item: str = ""):
        super().__init__(code)
        self.code, self.item = code, item

    @property
    def status(self) -> int:
        return REFUSALS[self.code][0]

    @property
    def message(self) -> str:
        return str(REFUSALS[self.code][1])
