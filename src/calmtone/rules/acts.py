"""The acts of a reply: their names, the practices that they serve, and how rules name them."""

from __future__ import annotations

ACTS = ("acknowledge", "own", "answer", "next-step", "options")
# The practice that each act serves.
ACT_PRACTICES = {
    "acknowledge": "acknowledge",
    "own": "own-it",
    "answer": "acknowledge",
    "next-step": "next-step",
    "options": "options",
}
SIDES = ("need", "does")
# A rule of acts is a rule whose dimension is the act, whose form is the side, and whose
# strength says whether it counts.
WEAK, COUNTS = "mild", "moderate"
