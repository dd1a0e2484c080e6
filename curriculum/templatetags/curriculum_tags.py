"""Small tags for lesson templates."""

import re

from django import template
from django.templatetags.static import static

register = template.Library()


@register.simple_tag(takes_context=True)
def drawing(context, name):
    """The address of a shipped drawing: a static file on screen, a known asset on paper."""
    path = f"img/drawings/{name}.svg"
    return f"asset:{path}" if context.get("on_paper") else static(path)


@register.inclusion_tag("curriculum/anchor.html", takes_context=True)
def anchor(context):
    """The lasting id of the block that is being printed, so that a link can lead to it; sheets have none."""
    return {"id": "" if context.get("on_paper") else getattr(context.get("block"), "id", "")}


@register.filter
def tel(number):
    """A Malaysian number as a `tel:` link has it: short numbers as they are, others with +60."""
    digits = re.sub(r"\D", "", number)
    return digits if len(digits) <= 5 or digits.startswith("1") else f"+60{digits.removeprefix('0')}"


@register.filter
def whatsapp(number):
    """A Malaysian mobile number as wa.me has it."""
    return f"60{re.sub(r'[^0-9]', '', number).removeprefix('0')}"


@register.filter
def shown_on(blocks, medium):
    """The blocks of a stream that show on `screen` or `slides`."""
    return [block for block in blocks if not block.value["show_on"] or medium in block.value["show_on"]]


@register.filter
def times(count):
    """`range(count)` for a template that draws writing lines."""
    return range(count)
