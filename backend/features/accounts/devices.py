"""What a device is called in the list of somebody's sessions."""

_PLACES = (
    ("miniprogram", "小程序"),
    ("wxwork", "企业微信"),
    ("micromessenger", "微信"),
    ("edg/", "Edge"),
    ("firefox", "Firefox"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
_SYSTEMS = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("openharmony", "鸿蒙"),
    ("harmonyos", "鸿蒙"),
    ("android", "安卓"),
    ("windows", "Windows"),
    ("mac os", "Mac"),
    ("linux", "Linux"),
)


def device_of(agent: str) -> str:
    """`企业微信 · iPhone` out of a User-Agent header; the first that fits of each."""
    text = agent.lower()
    names = [
        next((name for mark, name in known if mark in text), "") for known in (_PLACES, _SYSTEMS)
    ]
    return " · ".join(name for name in names if name) or "未知设备"
