"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: editors are invited by an administrator."""

    def is_open_for_signup(self, request):
        return False
