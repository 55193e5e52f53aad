"""The report that several programs write into."""

from pathlib import Path

from reliability import TITLE, write_section


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    report = tmp_path / "RELIABILITY.md"
    write_section("one", "## One\n\nfirst", report=report)
    write_section("two", "## Two", report=report)
    report.write_text(report.read_text() + "\nSaid by a person.\n")
    write_section("one", "## One\n\nsecond", report=report)
    text = report.read_text()
    assert "first" not in text
    assert [line for line in text.splitlines() if line and not line.startswith("<!--")] == [
        TITLE.strip(), "## One", "second", "## Two", "Said by a person.",
    ]  # fmt: skip
    write_section("two", "## Two", report=report)
    assert report.read_text() == text
