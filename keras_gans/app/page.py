"""The app's page: a tab for each thing that its GAN can do."""

import functools
from collections.abc import Callable
from typing import Any

import gradio as gr
import numpy as np

from keras_gans.app.studio import ALL, Studio
from keras_gans.exporting.limits import MOST_SEED
from keras_gans.photographs.tasks import INPAINT

FONTS = {
    "font": ["system-ui", "sans-serif"],
    "font_mono": ["ui-monospace", "monospace"],
}
"""Fonts that are on the machine: Gradio's own choice would be fetched."""

CSS = "img { image-rendering: pixelated; }"

NONE = 3.0
"""Where latents are not truncated: the right end of the slider."""


def build(studio: Studio, card: str, title: str) -> gr.Blocks:
    """Returns the page.

    Args:
        studio: What it does.
        card: The model card in Markdown.
        title: Its title.
    """
    with gr.Blocks(title=title, analytics_enabled=False) as page:
        gr.Markdown(f"# {title}")
        if studio.draws:
            _grid_tab(studio)
        if studio.walks:
            _between_tab(studio)
            _walk_tab(studio)
        if not studio.draws or studio.task:
            _photograph_tab(studio)
        if studio.styles:
            _project_tab(studio)
        with gr.Tab("Model card"):
            gr.Markdown(card)
    return page


def _grid_tab(studio: Studio) -> None:
    with gr.Tab("Images"), gr.Row():
        with gr.Column(min_width=280):
            controls = [_seed("Seed"), _few("Images", 16), *_choices(studio)]
            button = gr.Button("Draw", variant="primary")
        picture = _picture("Images")
    asked = [studio.grid, controls, picture]
    button.click(*_answering(studio, *asked), **HIDDEN)


def _between_tab(studio: Studio) -> None:
    with gr.Tab("Interpolation"), gr.Row():
        with gr.Column(min_width=280):
            controls = [_seed("From seed"), _seed("To seed", 1)]
            controls += [_few("Images", 8), *_choices(studio)]
            button = gr.Button("Interpolate", variant="primary")
        picture = _picture("From one seed to the other")
    asked = [studio.between, controls, picture]
    button.click(*_answering(studio, *asked), **HIDDEN)


def _walk_tab(studio: Studio) -> None:
    with gr.Tab("Walk"), gr.Row():
        with gr.Column(min_width=280):
            controls = [
                _seed("Seed"),
                gr.Slider(2, 12, 5, step=1, label="Latents to pass"),
                gr.Slider(1, 20, 5, step=1, label="Seconds"),
                *_choices(studio),
            ]
            button = gr.Button("Walk", variant="primary")
        video = gr.Video(label="Walk", autoplay=True, loop=True, buttons=[])
    asked = [studio.walk, controls, video]
    button.click(*_answering(studio, *asked), **HIDDEN)


def _photograph_tab(studio: Studio) -> None:
    paints = studio.task is not None and studio.task.name == INPAINT
    with gr.Tab("Photograph"), gr.Row():
        with gr.Column(min_width=280):
            given = _canvas() if paints else _upload()
            controls = [given]
            if studio.task is None:
                controls.append(_seed("Seed"))
            button = gr.Button("Make", variant="primary")
        picture = _picture("What is made of it")

    def make(given: Any, seed: float = 0) -> np.ndarray:
        if paints:
            return studio.photograph(*_painted(given))
        return studio.photograph(given, seed)

    button.click(*_answering(studio, make, controls, picture), **HIDDEN)


def _project_tab(studio: Studio) -> None:
    with gr.Tab("Projection"), gr.Row():
        with gr.Column(min_width=280):
            photo = _upload()
            steps = gr.Slider(10, 1000, 100, step=10, label="Steps")
            distance = gr.Dropdown(
                studio.distances, value="pixels", label="Distance"
            )
            label = _class_choice(studio)[:1]
            button = gr.Button("Project", variant="primary")
        with gr.Column(min_width=280):
            picture = _picture("The photograph, and what is nearest to it")
            styles = gr.File(label="Its styles (.npz)")

    def find(
        photo: Any,
        steps: float,
        distance: str,
        label: str | None = None,
        progress: Any = gr.Progress(),  # noqa: B008  # Gradio's way
    ) -> tuple[np.ndarray, str]:
        def show(step: int, _: float) -> None:
            progress((step, int(steps)), unit="steps")

        return studio.project(photo, steps, distance, label, show)

    controls = [photo, steps, distance, *label]
    outputs = [picture, styles]
    button.click(*_answering(studio, find, controls, outputs), **HIDDEN)


HIDDEN: dict[str, Any] = {
    "api_visibility": "private",
    "concurrency_id": "model",
    "concurrency_limit": 1,
}
"""One request at a time reaches the model, and by the page alone."""


def _answering(
    studio: Studio, function: Callable, controls: Any, outputs: Any
) -> tuple[Callable, Any, Any]:
    """Returns what a button calls, whose errors are shown to the user."""
    names = [control.label for control in controls]

    @functools.wraps(function)
    def answer(*values: Any, **more: Any) -> Any:
        given = [
            None if name == OF_LATENTS and value >= NONE else value
            for name, value in zip(names, values, strict=False)
        ]
        try:
            return function(*given, *values[len(given) :], **more)
        except (ValueError, ImportError, OSError) as error:
            raise gr.Error(str(error), title="", print_exception=False) from error

    return answer, controls, outputs


OF_LATENTS = f"Truncation of latents ({NONE:g} is none)"


def _choices(studio: Studio) -> list[Any]:
    """Returns the controls of class and truncation, or hidden ones."""
    label = _class_choice(studio)
    if not label:
        label = [gr.State(None)]
        label[0].label = "class"
    if studio.styles:
        return [*label, gr.Slider(0, 1, 1, step=0.05, label="Truncation (psi)")]
    if studio.truncates:
        slider = gr.Slider(0.1, NONE, NONE, step=0.1, label=OF_LATENTS)
        return [*label, slider]
    return label


def _class_choice(studio: Studio) -> list[Any]:
    if not studio.classes:
        return []
    choices = [ALL, *studio.classes]
    return [gr.Dropdown(choices, value=ALL, label="Class")]


def _seed(label: str, value: int = 0) -> gr.Number:
    return gr.Number(
        value, label=label, precision=0, minimum=0, maximum=MOST_SEED
    )


def _few(label: str, value: int) -> gr.Slider:
    return gr.Slider(1, 64, value, step=1, label=label)


def _picture(label: str) -> gr.Image:
    return gr.Image(
        label=label, format="png", interactive=False, buttons=BUTTONS
    )


BUTTONS = ["download", "fullscreen"]
"""Not "share", which uploads a picture."""


def _upload() -> gr.Image:
    return gr.Image(
        label="Photograph", sources=["upload", "clipboard"], buttons=BUTTONS
    )


def _canvas() -> gr.ImageEditor:
    return gr.ImageEditor(
        label="Photograph: paint over what is to be filled in",
        sources=["upload", "clipboard"],
        transforms=[],
        layers=False,
        buttons=BUTTONS,
        brush=gr.Brush(colors=["#ffffff"], color_mode="fixed"),
        eraser=gr.Eraser(),
    )


def _painted(given: Any) -> tuple[Any, Any, Any]:
    """Returns what an editor holds: pixels, a seed, and where it is painted."""
    if given is None or given["background"] is None:
        return None, 0, None
    pixels = np.ascontiguousarray(given["background"][..., :3])
    paint = [layer[..., 3] > 0 for layer in given["layers"]]
    return pixels, 0, np.any(paint, axis=0) if paint else None
