"""docs/RELIABILITY.md: several programs write into it, each its own section."""

from pathlib import Path

TITLE = "# Reliability: what was broken on purpose, and what it cost\n"
REPORT = Path(__file__).resolve().parents[1] / "docs" / "RELIABILITY.md"


def write_section(name: str, text: str, *, report: Path = REPORT) -> None:
    """Replace what stands between the marks of this name; new sections come last."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before = report.read_text(encoding="utf-8") if report.exists() else TITLE
    head, found, rest = before.partition(begin)
    _, _, tail = rest.partition(end)
    section = f"{begin}\n{text.strip()}\n{end}"
    whole = f"{head}{section}{tail}" if found else f"{before.rstrip()}\n\n{section}\n"
    report.write_text(whole, encoding="utf-8")
