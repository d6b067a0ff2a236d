"""What every feature test finds in the database: the district's areas."""

from pathlib import Path

from backend.features.areas import files, store


async def plant() -> None:
    folder = Path(__file__).parent.parent / "forms/areas"
    await store.load(*files.read(folder))
