"""What every feature test finds: the district's areas, and the units that its committees are."""

from pathlib import Path

from backend.features.areas import files, store
from backend.features.orders.store import units


async def plant() -> None:
    folder = Path(__file__).parent.parent / "forms/areas"
    await store.load(*files.read(folder))
    await units.keep()
