"""A page as its editor meets it: the form in the admin, and what a browser would post from it."""

from django.urls import reverse
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, rich_text

EDIT_FORM = "page-edit-form"
_read = {}  # forms read before, by the state of their page: reading a lesson's takes a second


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def posted(client, page) -> dict[str, list[str]]:
    """The page's edit form as a browser posts it back unchanged; the streams are what scripts make of them."""
    state = page.pk, page.latest_revision_id, page.latest_revision_created_at
    if state not in _read:
        _read[state] = _posted(client, page)
    return dict(_read[state])


def _posted(client, page):
    html = client.get(edit_url(page)).content.decode()
    html = html.replace('type="checkbox"', 'value="on" type="checkbox"')  # what browsers send for a box without a value
    data = querydict_from_html(html, form_id=EDIT_FORM)
    page = page.get_latest_revision_as_object()
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            stream = getattr(page, field.name)
            for name, value in nested_form_data({field.name: posted_block(stream.stream_block, stream)}).items():
                data.setlist(name, value if isinstance(value, tuple) else [value])
    return dict(data.lists())


def posted_block(block, value):
    """A block's value as nested form data."""
    if isinstance(block, blocks.StreamBlock):
        return _list([{"type": c.block_type, "value": posted_block(c.block, c.value), "id": c.id} for c in value])
    if isinstance(block, blocks.ListBlock):
        children = value.bound_blocks if hasattr(value, "bound_blocks") else []
        return _list([{"value": posted_block(c.block, c.value), "id": c.id} for c in children])
    if isinstance(block, blocks.StructBlock):
        fields = {name: posted_block(child, value.get(name)) for name, child in block.child_blocks.items()}
        return {name: field for name, field in fields.items() if field is not None}
    if isinstance(block, blocks.RichTextBlock):
        return rich_text(value.source, features=block.features)
    if isinstance(block, blocks.BooleanBlock):
        return "on" if value else None
    if isinstance(block, blocks.MultipleChoiceBlock):
        return tuple(value)  # several values of one field
    if isinstance(block, blocks.ChooserBlock):
        return str(value.pk) if value else ""
    return "" if value is None else str(value)


def _list(children):
    numbered = {str(n): {**child, "deleted": "", "order": str(n)} for n, child in enumerate(children)}
    return {**numbered, "count": str(len(children))}
