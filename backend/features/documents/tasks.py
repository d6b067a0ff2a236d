"""Turns a street's task into papers: the merged report, and the table of its committees."""

from backend.engine.form.definition import FormDef
from backend.engine.pdf.papers import ReportPaper, Signer
from backend.engine.sheet.papers import Cell, SheetColumn, SheetPaper
from backend.features.documents.issue import About, Issue
from backend.features.documents.returns import figure_row
from backend.features.returns.task_shapes import TaskPage


def paper_of(page: TaskPage, form: FormDef, place: str, issue: Issue) -> ReportPaper:
    """The street's figures, computed from what its committees have handed up."""
    words = issue.office.words
    merged = {field.key: field.value for field in page.merged.fields}
    told = words.notes.merged.format(counted=page.merged.counted, of=page.merged.of)
    return ReportPaper(
        title=form.print.title,
        rows=[
            figure_row(one, merged.get(one.code), None, words, note=one.caliber or "")
            for one in form.indicators
        ],
        subtitle=form.print.unit_line.format(committee=place),
        unit_line=page.period_label,
        signature=tuple(map(Signer, form.print.signatures)),
        stamp=place,
        notes=[*filter(None, (form.print.note, told))],
        footer=issue.footer,
        copy=issue.copy,
    )


def about(page: TaskPage) -> About:
    facts: dict[str, object] = {"form": page.form, "period": page.period, "area": page.area.code}
    return About(f"task:{page.id}", page.title, page.area.name, page.period_label, facts)


def sheet_of(
    page: TaskPage,
    paper: ReportPaper,
    form: FormDef,
    figures: dict[str, dict[str, Cell]],
    issue: Issue,
) -> SheetPaper:
    """Committees down, figures across, the street's own in the last row (汇总表).

    `figures` are those of the committees that have handed up, by area code.
    """
    words = issue.office.words
    codes = [one.code for one in form.indicators]
    columns = [
        SheetColumn("area", words.summary.committee),
        SheetColumn("state", words.summary.state, "code"),
        *(
            SheetColumn(one.code, f"{one.code} {one.label}（{one.unit}）", one.type, width=13)
            for one in form.indicators
        ),
    ]
    rows: list[list[Cell]] = [
        [one.area.name, one.state_label, *map(figures.get(one.area.code, {}).get, codes)]
        for one in page.returns
    ]
    merged = {field.key: field.value for field in page.merged.fields}
    rows.append([words.notes.sum, "", *map(merged.get, codes)])
    return issue.as_sheet(paper, columns, rows)
