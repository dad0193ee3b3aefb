"""Controls that several tabs of the app have."""

from typing import Any

import gradio as gr
import numpy as np

from keras_gans.app.studio import ALL, MOST_IMAGES, Studio
from keras_gans.exporting.limits import MOST_SEED

NONE = 3.0
"""Where latents are not truncated: the right end of the slider."""

OF_LATENTS = f"Truncation of latents ({NONE:g} is none)"


def choices(studio: Studio, no_class: str | None = ALL) -> list[Any]:
    """Returns the controls of class and truncation, as far as there are."""
    label = class_choice(studio, no_class)
    if studio.styles:
        return [label, gr.Slider(0, 1, 1, step=0.05, label="Truncation (psi)")]
    if studio.truncates:
        slider = gr.Slider(0.1, NONE, NONE, step=0.1, label=OF_LATENTS)
        return [label, slider]
    return [label]


def class_choice(studio: Studio, no_class: str | None) -> gr.Dropdown:
    """Returns a choice of the classes, and of none of them if that has a name.

    It is hidden, and None, where there are no classes.
    """
    if not studio.classes:
        return gr.Dropdown([], value=None, label="Class", visible=False)
    names = [no_class, *studio.classes] if no_class else studio.classes
    return gr.Dropdown(names, value=names[0], label="Class")


def seed(label: str, value: int = 0, visible: bool = True) -> gr.Number:
    """Returns a box for a seed."""
    return gr.Number(
        value,
        label=label,
        precision=0,
        minimum=0,
        maximum=MOST_SEED,
        visible=visible,
    )


def few(label: str, value: int, least: int = 1) -> gr.Slider:
    """Returns a slider of how many images."""
    return gr.Slider(least, MOST_IMAGES, value, step=1, label=label)


def picture(label: str) -> gr.Image:
    """Returns a place for what is made."""
    return gr.Image(
        label=label,
        format="png",
        interactive=False,
        buttons=BUTTONS,
        elem_classes="made",
    )


BUTTONS: Any = ["download", "fullscreen"]
"""Not "share", which uploads a picture."""


def upload() -> gr.Image:
    """Returns a box for a photograph."""
    return gr.Image(
        label="Photograph", sources=["upload", "clipboard"], buttons=BUTTONS
    )


def canvas() -> gr.ImageEditor:
    """Returns a box for a photograph, and a brush to paint on it."""
    return gr.ImageEditor(
        label="Photograph",
        sources=["upload", "clipboard"],
        transforms=[],
        layers=False,
        buttons=BUTTONS,
        brush=gr.Brush(colors=["#ffffff"], color_mode="fixed"),
        eraser=gr.Eraser(),
    )


def painted(given: Any) -> tuple[Any, Any]:
    """Returns what an editor holds: pixels, and where it is painted."""
    if given is None or given["background"] is None:
        return None, None
    pixels = np.ascontiguousarray(given["background"][..., :3])
    paint = [layer[..., 3] > 0 for layer in given["layers"]]
    return pixels, np.any(paint, axis=0) if paint else None
