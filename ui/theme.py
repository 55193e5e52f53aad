"""Two sets of colours: many for terminals that have them, sixteen chosen by hand for a console."""

from textual.theme import Theme

MANY = Theme(
    name="beatwise",
    primary="#7fb2c9",
    foreground="#d5dde0",
    background="#10161a",
    surface="#10161a",
    panel="#182127",
    dark=True,
    variables={
        "bright": "#f4f8f9",
        "quiet": "#84939a",
        "faint": "#34444c",
        "inside": "#63c79a",
        "over": "#f2a65a",
        "under": "#74b3e8",
        "alarm": "#ee6f76",
        "old": "#64737a",
        "badge": "#e8cf6a",
        "on-badge": "#10161a",
        "trace": "#a9cfdd",
    },
)

SIXTEEN = Theme(
    name="beatwise-16",
    ansi=True,
    primary="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "bright": "ansi_bright_white",
        "quiet": "ansi_default",
        "faint": "ansi_default",
        "inside": "ansi_bright_green",
        "over": "ansi_bright_yellow",
        "under": "ansi_bright_cyan",
        "alarm": "ansi_bright_red",
        "old": "ansi_default",
        "badge": "ansi_yellow",
        "on-badge": "ansi_black",
        "trace": "ansi_bright_cyan",
    },
)
