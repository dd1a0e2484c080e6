"""Exercise blocks: each knows its answer, for the key. Field names are those of `grammar.BLOCKS`."""

import hashlib

from wagtail import blocks

from curriculum.block_base import DrawingBlock, PlainBlock, alt_block


def mixed(children, salt: str):
    """List children in an order that gives nothing away and is the same each time and in each language."""
    return sorted(children, key=lambda child: hashlib.sha256(f"{salt}{child.id}".encode()).digest())


class SortingCardBlock(blocks.StructBlock):
    picture = DrawingBlock(required=False)
    text = blocks.CharBlock()
    because = blocks.CharBlock(help_text="For the answer key.")
    alt = alt_block()


class SortingColumnBlock(blocks.StructBlock):
    label = blocks.CharBlock()
    cards = blocks.ListBlock(SortingCardBlock(), help_text="The cards that belong here: this is the answer.")


class SortingValue(blocks.StructValue):
    @property
    def mixed_cards(self):
        """Every card with the column that it belongs to, mixed."""
        cards = [child for column in self["columns"] for child in column["cards"].bound_blocks]
        return [child.value for child in mixed(cards, "sorting")]


class SortingBlock(PlainBlock):
    heading = blocks.CharBlock()
    instruction = blocks.CharBlock()
    columns = blocks.ListBlock(SortingColumnBlock(), min_num=2)

    class Meta:
        icon = "table"
        template = "curriculum/blocks/sorting.html"
        value_class = SortingValue


class PairBlock(blocks.StructBlock):
    left = blocks.CharBlock()
    right = blocks.CharBlock()


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class MatchingValue(blocks.StructValue):
    @property
    def rows(self):
        """A line each: the left text, a right text of the mixed list with its letter, and the left one's answer."""
        pairs = self["pairs"].bound_blocks
        order = mixed(pairs, "matching")
        letters = {child.id: LETTERS[place] for place, child in enumerate(order)}
        return [
            {
                "left": pair.value["left"],
                "right": beside.value["right"],
                "letter": letters[beside.id],
                "answer": letters[pair.id],
            }
            for pair, beside in zip(pairs, order, strict=True)
        ]


class MatchingBlock(PlainBlock):
    heading = blocks.CharBlock()
    instruction = blocks.CharBlock()
    pairs = blocks.ListBlock(PairBlock(), min_num=2, max_num=len(LETTERS))

    class Meta:
        icon = "link"
        template = "curriculum/blocks/matching.html"
        value_class = MatchingValue


class CellAnswerBlock(blocks.StructBlock):
    column = blocks.IntegerBlock(min_value=1, help_text="The column's number, from 1.")
    text = blocks.CharBlock()


class TableRowBlock(blocks.StructBlock):
    label = blocks.CharBlock()
    answers = blocks.ListBlock(CellAnswerBlock(), min_num=0, default=[], help_text="For the answer key.")


class TableValue(blocks.StructValue):
    @property
    def filled_rows(self):
        """Rows as `(label, [answer or "" for each column])`."""
        columns = range(1, len(self["columns"]) + 1)
        return [
            (row["label"], [{a["column"]: a["text"] for a in row["answers"]}.get(n, "") for n in columns])
            for row in self["rows"]
        ]


class FillTableBlock(PlainBlock):
    heading = blocks.CharBlock()
    instruction = blocks.CharBlock()
    columns = blocks.ListBlock(blocks.CharBlock(), min_num=2)
    rows = blocks.ListBlock(TableRowBlock(), min_num=1)

    class Meta:
        icon = "table"
        label = "Table to fill in"
        template = "curriculum/blocks/table.html"
        value_class = TableValue


class LinesBlock(PlainBlock):
    prompt = blocks.CharBlock()
    lines = blocks.IntegerBlock(min_value=1, max_value=24, default=4)
    look_for = blocks.CharBlock(help_text="For the answer key: what a good answer may hold.")

    class Meta:
        icon = "edit"
        label = "Writing lines"
        template = "curriculum/blocks/lines.html"


class DrawingBoxBlock(PlainBlock):
    prompt = blocks.CharBlock()
    height = blocks.IntegerBlock(min_value=30, max_value=180, default=80, help_text="Millimetres on paper.")
    look_for = blocks.CharBlock(help_text="For the answer key: what a good answer may hold.")

    class Meta:
        icon = "crosshairs"
        label = "Drawing box"
        template = "curriculum/blocks/drawing.html"
