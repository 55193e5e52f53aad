"""Suunto .sml files (XML): the RR intervals of an Ambit, in ms, in one element <R-R><Data>."""

from xml.etree import ElementTree

from sensors.intervals import MOST_INTERVALS, Intervals, UnreadableRecording, checked_rr, shown


def read_sml(text: str) -> Intervals:
    """RR intervals from the text of an SML file.

    Raises:
        UnreadableRecording: XML of another kind, cut off, or without RR intervals.
    """
    if "<!DOCTYPE" in text:
        raise UnreadableRecording("XML with a document type: no SML file has one")
    try:
        # No document type, so no entities to expand or fetch: what makes foreign XML dangerous.
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        raise UnreadableRecording("damaged or cut off XML", line=error.position[0]) from None
    if root.tag.rpartition("}")[2] != "sml":
        raise UnreadableRecording(f"XML that is no SML: it begins with {shown(root.tag)}")
    cells = [
        cell
        for element in root.iterfind(".//{*}R-R/{*}Data")
        for cell in (element.text or "").split(maxsplit=MOST_INTERVALS)
    ]
    if not cells:
        raise UnreadableRecording("an SML file without RR intervals (no <R-R><Data>)")
    begins = text.count("\n", 0, text.find("<R-R")) + 1
    rr_ticks, ticks_per_s = checked_rr(cells, [begins] * len(cells), "ms")
    return Intervals("Suunto SML", rr_ticks, ticks_per_s)
