"""The sandbox's own page: what the platform holds, and buttons to make something happen."""

from html import escape

from backend.sandbox.street.changes import CHANGES
from backend.sandbox.street.faults import BROKEN, ROWS
from backend.sandbox.street.shelf import Shelf

_TITLES = {"rk": "实有人口", "fw": "房屋", "ld": "楼栋", "gd": "12345热线工单"}
_TITLES |= {"xc": "网格巡查案件", "yj": "应急突发事件", "sb": "物联设备", "bj": "物联报警与读数"}

_PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>街镇数据平台（沙箱）</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
 body {{ font: 16px/1.6 system-ui, sans-serif; color: #1f2933; max-width: 46rem;
        margin: 2rem auto; padding: 0 1rem }}
 table {{ border-collapse: collapse; width: 100% }}
 td, th {{ text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #dde3ea }}
 td.n {{ text-align: right }}
 form {{ display: flex; gap: .5rem; flex-wrap: wrap; margin: .6rem 0 }}
 select, input, button {{ font: inherit; padding: .3rem .6rem }} pre {{ white-space: pre-wrap }}
</style>
<h1>街镇数据平台（沙箱）</h1>
<p>这里的人都是虚构的。人和房截至 {day}，居村通每晚来取；
工单和报警是实时的，每几分钟来取一次{pushed}。</p>
<table><tr><th>数据</th><th>地址</th><th>行数</th></tr>{streams}</table>
<h2>让一件事发生</h2>
<form data-to="/_sandbox/changes">
 <select name="kind">{changes}</select>
 <input name="person" placeholder="人口编码，如 {person}">
 <input name="committee" placeholder="居村代码，如 {committee}">
 <input name="device" placeholder="设备编号，如 {device}"><button>发生</button>
</form>
<h2>让接口出错一次</h2>
<form data-to="/_sandbox/faults">
 <select name="kind">{faults}</select>
 <select name="stream">{names}</select><button>出错</button>
</form>
<pre id="said" aria-live="polite"></pre>
<script>
 for (const form of document.forms) form.onsubmit = async (event) => {{
   event.preventDefault();
   const given = [...new FormData(form)].filter(([, value]) => value);
   const answer = await fetch(form.dataset.to,
     {{ method: 'POST', body: JSON.stringify(Object.fromEntries(given)) }});
   said.textContent = (await answer.text()) || '好了。';
 }};
</script>
"""


def page(shelf: Shelf, push_to: str) -> str:
    """The page as it stands now."""
    device = shelf.devices.latest()
    streams = "".join(
        f"<tr><td>{_TITLES[name]}</td><td>/share/v1/{name}</td>"
        f'<td class="n">{len(stream.order):,}</td></tr>'
        for name, stream in shelf.streams.items()
    )
    return _PAGE.format(
        day=shelf.plan.today,
        streams=streams,
        changes=_options({key: label for key, (label, _) in CHANGES.items()}),
        faults=_options({key: key for key in sorted(BROKEN | ROWS.keys())}),
        names=_options(_TITLES),
        person=escape(shelf.people.order[0][1] if shelf.people.order else ""),
        committee=escape(next(iter(shelf.towns), "")),
        device=escape(device.id if device else ""),
        pushed="，按下面的按钮发生的会立刻推送" if push_to else "",
    )


def _options(choices: dict[str, str]) -> str:
    return "".join(f'<option value="{key}">{label}</option>' for key, label in choices.items())
