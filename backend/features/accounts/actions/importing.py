"""The roster from a spreadsheet: good rows are taken over, every other is named with its reason.

This is how people come in where the contacts give none, and how roles are given at all. Nobody can
give more than their own area, or a role that does not belong to the place.
"""

from backend.clients.wecom import Wecom
from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.cpu import cpu
from backend.core.files import Upload
from backend.engine.sheet.headed import Headed, find_table
from backend.engine.sheet.read import SheetError, read_sheets
from backend.features.accounts import whoever
from backend.features.accounts.actions.roster import near
from backend.features.accounts.rows import Desk, RowRefused, person_of
from backend.features.accounts.shapes import RefusedRow, Staff, StaffImport
from backend.features.accounts.store import sessions, staff
from backend.features.areas import store as areas

LABELS = {
    "userid": ("企业微信账号", "账号", "userid"),
    "name": ("姓名",),
    "area": ("区域代码", "区划代码", "居村代码"),
    "area_name": ("所在区域", "居村", "单位", "居村委"),
    "roles": ("岗位", "角色"),
    "duties": ("条线", "分管条线"),
    "status": ("状态",),
    "corp_id": ("企业", "企业ID", "corpid"),
}
REQUIRED = ("userid", "name")
MOST_ROWS = 5000


@look("staff.manage", "管理名册")
async def take(actor: Actor, upload: Upload, wecom: Wecom) -> StaffImport:
    """Add and change people by a spreadsheet with 姓名, 企业微信账号, 岗位 and more."""
    table = await _table(upload)
    given = await _import(actor, table, near(actor, wecom.corps))
    whoever.forget()
    return given


async def _table(upload: Upload) -> Headed:
    try:
        grids = await cpu(read_sheets, upload.body)
    except SheetError as error:
        raise _TROUBLES[error.trouble](upload) from None
    table = find_table(grids, LABELS, REQUIRED)
    if table is None:
        raise problems.sheet_headless(columns="“姓名”和“企业微信账号”")
    if len(table.lines) > MOST_ROWS:
        raise problems.sheet_too_long(most=MOST_ROWS)
    return table


_TROUBLES = {
    "kind": lambda upload: problems.file_kind(allowed="Excel 表格（.xlsx、.xls）或 CSV"),
    "broken": lambda upload: problems.file_broken(),
    "large": lambda upload: problems.file_too_large(name=upload.name, limit_mb=10),
}


async def _imported(actor: Actor, table: Headed, corps: list[str]) -> StaffImport:
    desk = await _desk(actor, corps)
    refused: list[RefusedRow] = []
    written: dict[tuple[str, str], Staff] = {}
    for line in table.lines:
        try:
            person = person_of(line.values, desk)
            key = (person.corp_id, person.userid.lower())
            if key in written:
                raise RowRefused("userid", "这个账号在表里出现了两次，只采用了第一次。")
            written[key] = person
        except RowRefused as why:
            refused.append(RefusedRow(row=line.number, field=why.field, message=str(why)))
    fresh = [one for key, one in written.items() if desk.known.get(key) != one]
    await staff.save(fresh)
    for status in ("left", "disabled"):
        await sessions.revoke_all([one.id for one in fresh if one.status == status], status)
    added = sum((one.corp_id, one.userid.lower()) not in desk.known for one in fresh)
    return StaffImport(added=added, changed=len(fresh) - added, refused=tuple(refused))


_import = act("staff.import", "导入名册")(_imported)


async def _desk(actor: Actor, corps: list[str]) -> Desk:
    """What a row is held against: the people known, and the areas the actor may place them in."""
    people = [await staff.of_corp(corp_id) for corp_id in corps]
    known = {(one.corp_id, key): one for group in people for key, one in group.items()}
    return Desk(actor, tuple(corps), known, await areas.on_day(actor.scope, clock.today()))
