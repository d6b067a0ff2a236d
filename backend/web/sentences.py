"""pydantic's error types as Chinese sentences; tests/web prove that none is left out."""

import re
from typing import Any

from pydantic_core import ErrorDetails

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PLAIN = "格式不对"

SENTENCES = {
    "missing": "没有填写",
    "none_required": "应为空",
    "extra_forbidden": "不认识这一项",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "bytes_too_short": "至少 {min_length} 个字节",
    "bytes_too_long": "最多 {max_length} 个字节",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "string_pattern_mismatch": "写法不对",
    "string_unicode": "含有无法识别的字符",
    "string_not_ascii": "只能是英文字母、数字和符号",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不应小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不应大于 {le}",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "finite_number": "应为有限的数",
    "int_from_float": "应为整数",
    "int_parsing_size": "数字超出范围",
    "decimal_max_digits": "最多 {max_digits} 位数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "decimal_whole_digits": "整数部分最多 {whole_digits} 位",
    "literal_error": "应为 {expected} 之一",
    "enum": "应为 {expected} 之一",
    "date_from_datetime_inexact": "应为日期，不带时间",
    "date_past": "日期应在今天以前",
    "date_future": "日期应在今天以后",
    "datetime_past": "时间应在现在以前",
    "datetime_future": "时间应在现在以后",
    "timezone_naive": "时间不应带时区",
    "timezone_aware": "时间应带时区",
    "url_too_long": "最多 {max_length} 个字",
    "value_error": "不符合要求",
    "assertion_error": "不符合要求",
}
# otherwise by the last word of the error type
_BY_ENDING = {
    "type": "类型不对",
    "parsing": _PLAIN,
    "tag": "类型不对",
    "depth_exceeded": "嵌套过深",
}


def sentence(detail: ErrorDetails) -> str:
    """What to tell the person: our own validators' Chinese words, else the table's."""
    kind, context = detail["type"], detail.get("ctx", {})
    said = _said(detail["msg"], context)
    if said:
        return said
    if kind in SENTENCES:
        return SENTENCES[kind].format(**_chinese(context))
    return next((say for end, say in _BY_ENDING.items() if kind.endswith(end)), _PLAIN)


def _said(message: str, context: dict[str, Any]) -> str | None:
    text = str(context.get("error", message))
    return text if _CHINESE.match(text) else None


def _chinese(context: dict[str, Any]) -> dict[str, Any]:
    if "expected" in context:
        return context | {"expected": context["expected"].replace(" or ", "、").replace(", ", "、")}
    return context
