"""Times as ratios to what is wanted."""


def table(
    title: str,
    text: str,
    ours_ms: float | None,
    rows: "list[tuple[str, float, int | None] | tuple[str, float, int | None, float]]",
) -> str:
    """Markdown. Rows: name, ms, wanted ratio or None; our ms where one is not for all."""
    lines = [f"## {title}", "", text, "", "| | ms | ratio | wanted |", "|---|---:|---:|---|"]
    if ours_ms is not None:
        lines.append(f"| Beatwise | {ours_ms:.4g} | 1 | |")
    for name, theirs_ms, wanted, *own in rows:
        ratio = theirs_ms / (own[0] if own else ours_ms or float("nan"))
        lines.append(f"| {name} | {theirs_ms:.4g} | {ratio:.3g} | {verdict(ratio, wanted)} |")
    return "\n".join(lines)


def verdict(ratio: float, wanted: float | None) -> str:
    """Whether a ratio is what is wanted; empty where nothing is."""
    if wanted is None:
        return ""
    return f"{wanted:g}: {'reached' if ratio >= wanted else '**missed**'}"
