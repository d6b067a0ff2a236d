"""Every way this system says no: one line each, rendered as RFC 9457 by web/middleware.py.

A problem is a stable code (clients switch on it), an HTTP status, and a Chinese sentence for
the person who meets it. Further facts travel in `details`; `fields` names the wrong fields.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldIssue:
    """What is wrong with one field: its key, a stable code, and a sentence that names it."""

    field: str
    code: str
    message: str


class Problem(Exception):
    def __init__(self, code: str, status: int, title: str, details: dict[str, Any]) -> None:
        super().__init__(title)
        self.code, self.status, self.title, self.details = code, status, title, details

    @property
    def ref(self) -> str:
        """What it is about, for the trace of an act that keeps something and still says no."""
        return str(self.details.get("ref", ""))

    def body(self) -> dict[str, Any]:
        """The application/problem+json object."""
        head = {"type": f"/problems/{self.code}", "code": self.code, "title": self.title}
        return self.details | head | {"status": self.status}


CODES: dict[str, tuple[int, str]] = {}


def problem(code: str, status: int, title: str) -> Callable[..., Problem]:
    """Declare a problem; the returned factory takes what the sentence and the client need."""
    if code in CODES:
        raise ValueError(f"problem {code} is declared twice")
    CODES[code] = (status, title)

    def make(*, fields: Sequence[FieldIssue] | None = None, **details: Any) -> Problem:
        text = title.format_map({"count": len(fields or ()), **details})
        if fields is not None:
            details["fields"] = [asdict(field) for field in fields]
        return Problem(code, status, text, details)

    return make


# The request itself
bad_input = problem("input.bad", 400, "提交的内容格式不对，请检查标出的地方。")
bad_json = problem("input.not_json", 400, "提交的内容不完整，请重试。")
too_large = problem("input.too_large", 413, "内容太大：最多 {limit_mb} MB。")
no_such_page = problem("path.unknown", 404, "没有这个地址。")
screens_missing = problem("path.not_built", 503, "页面还没有构建，请先运行 ./jucun build。")
wrong_method = problem("path.method", 405, "这个地址不支持这种操作。")
key_reused = problem(
    "idempotency.mismatch", 422, "同一个提交编号被用于不同的内容，请刷新后重新提交。"
)
bad_key = problem("idempotency.bad_key", 400, "提交编号（Idempotency-Key）应为 8–64 个字符。")
too_many = problem("limit.reached", 429, "操作太频繁，请稍候再试。")
fault = problem("server.fault", 500, "系统出错了，已经记录。请稍后再试，编号 {request}。")
starting = problem("server.not_ready", 503, "系统正在启动或依赖的服务不可用，请稍候。")

# Who may do what, where
sign_in = problem("session.required", 401, "请先登录。")
session_over = problem("session.over", 401, "登录已失效，请重新登录。")
may_not = problem("access.denied", 403, "您的岗位没有“{label}”的权限。")
not_found = problem("thing.missing", 404, "没有找到这个{kind}，或者它不在您的管辖范围内。")

# Answers and forms
answers_bad = problem("answers.bad", 422, "有 {count} 处需要修改，请看标出的地方。")
form_changed = problem(
    "form.changed", 409, "表单已更新到第 {version} 版，您填的内容已存为新版草稿，请核对变化。"
)
draft_conflict = problem(
    "draft.conflict", 409, "这份表刚才在别处被修改过，请先看一下最新内容再保存。"
)
wrong_state = problem("state.wrong", 409, "当前状态是“{state_label}”，不能{what}。")
overtaken = problem("state.overtaken", 409, "刚才有人同时改了这条内容，请刷新后再试。")
field_locked = problem("field.locked", 422, "“{label}”没有被退回，不能修改。")
reason_needed = problem("reason.needed", 422, "请写明原因。")

# Orders
order_overtaken = problem("order.overtaken", 409, "{by}刚才{what}，请看最新情况后再办。")
order_held_up = problem("order.held_up", 409, "现在不能{what}：{why}。")
order_refused = problem("order.refused", 422, "没有办成：{why}。")

# Duty and emergency
duty_own_hand = problem("duty.own_hand", 409, "接班人不能是交班人自己，请由接班的同事签字。")
duty_not_yours = problem("duty.not_yours", 403, "您不在这个班次里，请由当班人员交班。")
emergency_lasts = problem(
    "emergency.lasting", 409, "{by}已于{at}启动{label}，请在它的基础上调整级别。"
)
emergency_over = problem("emergency.over", 409, "这次{kind}已经结束，恢复平时状态。")
call_over = problem("call.over", 409, "这次通知已随应急结束，不用再确认。")
supply_short = problem("supply.short", 422, "库存不够：现有 {left}{unit}。")
nothing_owed = problem("task.nothing_owed", 409, "这些居村都已上报，不用催办。")

# Files
file_kind = problem("file.kind", 415, "不支持这种文件：请上传{allowed}。")
file_broken = problem("file.broken", 422, "文件打不开，可能已损坏，请重新选择。")
file_too_large = problem("file.too_large", 413, "文件太大：{name} 超过 {limit_mb} MB。")
sheet_headless = problem("sheet.headless", 422, "没有找到表头：表里应有{columns}两列。")
sheet_too_long = problem("sheet.too_long", 422, "一次最多 {most} 行，请分几次导入。")
file_missing = problem("file.missing", 400, "没有收到文件，请重新选择。")
file_pixels = problem("file.pixels", 413, "图片尺寸太大：最多 {mega} 百万像素，请缩小后再上传。")
file_used = problem("file.used", 409, "这张图片已经用在别的记录里，请另传一张。")
file_link_over = problem("file.link_over", 410, "图片链接已过期，请刷新页面。")
files_away = problem("file.store_away", 503, "图片暂时无法存取，请稍候再试。")

# What other systems push
push_refused = problem("push.refused", 403, "推送没有通过验证，请核对应用编号、密钥和签名。")
push_stale = problem("push.stale", 403, "推送的时间与本系统相差超过 {minutes} 分钟，请校准时钟。")
push_known = problem("push.known", 409, "这次推送已经收到过，没有重复处理。")
push_unfit = problem("push.unfit", 422, "推送的内容不能接收：{why}。")

# Findings of experience officers
finding_order_open = problem(
    "finding.order_open", 409, "背后的工单 {no} 还在“{stage_label}”，核查通过后才能答复体验官。"
)

# Sensors
device_known = problem("device.known", 409, "编号 {no} 的设备已经登记过，请核对编号。")
reason_unknown = problem("alarm.reason", 422, "误报要选一个原因：{reasons}。")
finding_list_empty = problem(
    "finding.list_empty", 422, "{period}还没有写好公开摘要的反馈，请先在反馈里写摘要再公布。"
)

# Documents
document_too_long = problem(
    "document.too_long",
    422,
    "台账有 {rows} 行，一次最多导出 {most} 行，请缩小日期或居村委范围后再导出。",
)
no_pictures = problem("document.no_pictures", 422, "所选范围里没有图片，请放宽日期或居村委范围。")
too_many_pictures = problem(
    "document.too_many_pictures",
    422,
    "所选范围里的图片超过 {most} 张，请缩小日期或居村委范围后再导出。",
)

# Boards
board_too_fine = problem(
    "board.too_fine",
    422,
    "这样细的统计可能看得出个人，只能在街镇内部查看，请换一个统计维度。",
)

# Days
year_unknown = problem(
    "calendar.unknown_year",
    422,
    "{year} 年的工作日安排还没有录入，推算不出截止日期：请自己指定一个，并告诉系统管理员补录。",
)
bad_period = problem("period.bad", 422, "“{period}”不是这张表的报告期。")

# WeCom (企业微信); `errcode` is WeCom's own number
wecom_unreachable = problem("wecom.unreachable", 502, "企业微信暂时连不上，请稍后再试。")
wecom_busy = problem("wecom.busy", 503, "企业微信正忙，请稍后再试。")
wecom_limited = problem("wecom.limited", 503, "企业微信调用过于频繁，请过一分钟再试。")
wecom_misconfigured = problem(
    "wecom.misconfigured", 502, "企业微信应用的配置有误（{errcode}），请联系街道数据专员。"
)
wecom_refused = problem("wecom.refused", 502, "企业微信没有接受这次操作（{errcode}）。")
wecom_code_invalid = problem("wecom.code_invalid", 401, "登录码已失效或已被使用，请重新登录。")
wecom_corp_unknown = problem(
    "wecom.corp_unknown", 404, "居村通还没有接入这个企业，请联系街道数据专员。"
)
wecom_other_corp = problem("wecom.other_corp", 409, "您现在在另一个企业里，请重新登录。")
wecom_member_unknown = problem(
    "wecom.member_unknown", 404, "企业微信里没有这个人，或者不在应用的可见范围内。"
)
wecom_nobody_reached = problem("wecom.nobody_reached", 422, "消息的接收人都不在应用的可见范围内。")
wecom_callback_refused = problem("wecom.callback_refused", 403, "回调没有通过验证。")

# Ordinary WeChat (微信小程序); `errcode` is WeChat's own number
wechat_missing = problem(
    "wechat.missing", 404, "这里还没有开通微信小程序登录，请用街道发给您的邀请链接打开。"
)
wechat_unreachable = problem("wechat.unreachable", 502, "微信暂时连不上，请稍后再试。")
wechat_busy = problem("wechat.busy", 503, "微信正忙，请稍后再试。")
wechat_code_invalid = problem("wechat.code_invalid", 401, "登录码已失效或已被使用，请重新打开。")
wechat_misconfigured = problem(
    "wechat.misconfigured", 502, "微信小程序的配置有误（{errcode}），请联系街道数据专员。"
)
wechat_not_subscribed = problem("wechat.not_subscribed", 422, "对方没有订阅这类消息。")

# Signing on
account_unknown = problem("account.unknown", 403, "您还不在居村通的名册里，请联系街道数据专员。")
account_disabled = problem("account.disabled", 403, "您的账号已停用，如有疑问请联系街道数据专员。")
account_without_role = problem(
    "account.without_role", 403, "您还没有分配岗位，请联系街道数据专员。"
)
account_outsider = problem("account.outsider", 403, "只有本企业的成员可以登录居村通。")
sign_in_declined = problem("sign_in.declined", 403, "您没有同意授权，所以没有登录。")
sign_in_expired = problem("sign_in.expired", 400, "登录已超时，请重新登录。")
invitation_over = problem(
    "invitation.over", 410, "这个邀请已过期、已用完或已收回，请联系街道重新邀请。"
)
officer_early = problem("officer.early", 409, "您的任期从 {day} 开始，请到时再打开。")
officer_over = problem("officer.over", 403, "您的聘任已经结束，感谢您的参与。如有疑问请联系街道。")
officer_unknown = problem(
    "officer.unknown", 403, "您还不是治理体验官，请扫描街道发给您的邀请二维码。"
)
officer_elsewhere = problem(
    "officer.elsewhere", 409, "这个微信号已是别的街镇的体验官，一个微信号只能担任一处。"
)
session_reused = problem(
    "session.reused", 401, "登录凭据被重复使用，为安全起见已退出，请重新登录。"
)
