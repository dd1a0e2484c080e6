"""What a seat is called: a thing in a colour, the same in every language. A closed list, drawn in `seats.svg`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

COLOURS = (
    ("red", pgettext_lazy("a colour before or after a thing", "red")),
    ("blue", pgettext_lazy("a colour before or after a thing", "blue")),
    ("green", pgettext_lazy("a colour before or after a thing", "green")),
    ("yellow", pgettext_lazy("a colour before or after a thing", "yellow")),
    ("purple", pgettext_lazy("a colour before or after a thing", "purple")),
    ("orange", pgettext_lazy("a colour before or after a thing", "orange")),
    ("brown", pgettext_lazy("a colour before or after a thing", "brown")),
    ("grey", pgettext_lazy("a colour before or after a thing", "grey")),
)
THINGS = (
    ("kite", gettext_lazy("kite")),
    ("boat", gettext_lazy("boat")),
    ("moon", gettext_lazy("moon")),
    ("star", gettext_lazy("star")),
    ("leaf", gettext_lazy("leaf")),
    ("fish", gettext_lazy("fish")),
    ("drum", gettext_lazy("drum")),
    ("shell", gettext_lazy("shell")),
    ("umbrella", gettext_lazy("umbrella")),
    ("lantern", gettext_lazy("lantern")),
    ("mango", gettext_lazy("mango")),
    ("kettle", gettext_lazy("kettle")),
)
COUNT = len(COLOURS) * len(THINGS)


def picture(number: int) -> dict[str, str]:
    """A seat's picture: the symbol, the colour's class, and the name in the reader's language."""
    colour, thing = COLOURS[number % len(COLOURS)], THINGS[number // len(COLOURS)]
    name = _("%(colour)s %(thing)s") % {"colour": colour[1], "thing": thing[1]}
    return {"symbol": thing[0], "colour": colour[0], "name": name[:1].upper() + name[1:]}
