"""The pool's and the sensors' vocabulary: orders, patrol finds, emergencies, devices, signals."""

from backend.sandbox.district.calls import Call
from backend.sandbox.district.devices import Device, Signal
from backend.sandbox.street.words import Row


def call_row(call: Call) -> Row:
    """12345 热线工单."""
    return {
        "gdbh": call.id,
        "sqlx": call.line.appeal,
        "wtfl": call.line.category.rpartition("/")[2],
        "bt": call.title,
        "nr": call.content,
        "xm": call.caller.name if call.caller else "",
        "lxdh": call.caller.phone if call.caller else "",
        "sfbm": "是" if call.secret else "否",
        "dz": call.place,
        "zb": _point(call.point),
        "jjcd": call.line.urge,
        "slsj": f"{call.at:%Y-%m-%d %H:%M:%S}",
        "cbcs": str(call.urged),
        "hfjg": call.satisfied,
        "sfjj": call.solved,
        **_areas(call),
    }


def find_row(call: Call) -> Row:
    """网格巡查案件."""
    return {
        "ajbh": call.id,
        "ajlb": call.line.category,
        "ajmc": call.title,
        "ms": call.content,
        "wz": call.place,
        "zb": _point(call.point),
        "jjcd": call.line.urge,
        "fxsj": f"{call.at:%Y-%m-%d %H:%M:%S}",
        **_areas(call),
    }


def event_row(call: Call) -> Row:
    """应急突发事件."""
    return {
        "sjbh": call.id,
        "sjlb": call.line.category,
        "sjmc": call.title,
        "ms": call.content,
        "bjr": call.caller.name if call.caller else "",
        "lxdh": call.caller.phone if call.caller else "",
        "dd": call.place,
        "zb": _point(call.point),
        "jjcd": call.line.urge,
        "jjsj": f"{call.at:%Y-%m-%d %H:%M:%S}",
        **_areas(call),
    }


def device_row(device: Device) -> Row:
    """物联设备."""
    building = device.building
    return {
        "sbbh": device.id,
        "sblx": device.kind,
        "zt": "1",
        "xh": device.model,
        "azwz": device.place,
        "zb": _point((building.lng, building.lat)),
        "azrq": f"{device.installed:%Y%m%d}",
        "ldbm": building.id,
        "sqbm": building.committee,
        "jzbm": f"{building.committee[:9]}000",
        "gxsj": f"{device.installed:%Y%m%d}090000",
    }


def signal_row(signal: Signal) -> Row:
    """报警与读数."""
    building = signal.device.building
    return {
        "bjbh": signal.id,
        "sbbh": signal.device.id,
        "bjlx": signal.code,
        "ds": "" if signal.value is None else str(signal.value),
        "bjsj": signal.updated,
        "sm": signal.words,
        "azwz": signal.device.place,
        "zb": _point((building.lng, building.lat)),
        "sqbm": building.committee,
        "jzbm": f"{building.committee[:9]}000",
        "gxsj": signal.updated,
    }


def _point(point: tuple[float, float]) -> str:
    return f"{point[0]},{point[1]}"


def _areas(call: Call) -> Row:
    """The street is always known, the committee not always."""
    street = f"{call.building.committee[:9]}000"
    return {"sqbm": call.committee, "jzbm": street, "gxsj": call.updated}
