"""What ties a ledger to other things, from YAML: fields told by other entries, and the order that
an entry may become."""

from backend.engine.form.definition import Passing, Told
from backend.engine.form.elements import Expression
from backend.engine.form.yaml_nodes import Table


def read_told(table: Table) -> Told | None:
    """`told: {of: L18, same: [ent_name, check_date]}` counts; `plus` and `minus` make it a sum."""
    told = table.table("told", "of", "same", "plus", "minus")
    if told is None:
        return None
    return Told(
        of=told.text("of"),
        same=told.texts("same"),
        plus=told.maybe("plus"),
        minus=told.maybe("minus"),
    )


def read_passing(top: Table) -> Passing | None:
    """`order: {when: …, offer: …, title: [hz_kind], content: [hz_desc], place: [place]}`"""
    table = top.table("order", "when", "offer", "title", "content", "place")
    if table is None:
        return None
    if "when" not in table and "offer" not in table:
        table.page.wrong(table.line, "an order that nothing makes", "`when:` or `offer:`")
    return Passing(
        when=table.rule("when") or Expression(text="false", ast=["lit", False]),
        offer=table.rule("offer") or Expression(text="false", ast=["lit", False]),
        title=table.texts("title"),
        content=table.texts("content"),
        place=table.texts("place"),
    )
