"""``beatwise where``: where Beatwise keeps its files."""

from pathlib import Path

from device import folder


def run(data: Path | None) -> None:
    """Print each place, one a line."""
    places = folder.places(data)
    print(f"data      {places.data}")
    print(f"athletes  {places.athletes}")
    print(f"settings  {places.config}")
    print(f"beats     {places.database}")
