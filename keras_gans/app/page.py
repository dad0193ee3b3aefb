"""The app's page: a tab for each thing that its GAN can do."""

import functools
from collections.abc import Callable
from typing import Any

import gradio as gr
import numpy as np

from keras_gans.app import controls
from keras_gans.app.photographs import photograph, project
from keras_gans.app.studio import Studio
from keras_gans.photographs.tasks import INPAINT

FONTS = {
    "font": ["system-ui", "sans-serif"],
    "font_mono": ["ui-monospace", "monospace"],
}
"""Fonts that are on the machine: Gradio's own choice would be fetched."""

CSS = """
.made img, .made video { image-rendering: pixelated; }
.made .image-container { padding-top: 2.25rem; }
h1 { font-size: 1.5rem !important; }
"""
"""Pixels stay squares, and no label or button lies on them."""


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
            asked = [
                controls.seed("Seed"),
                controls.few("Images", 16),
                *controls.choices(studio),
            ]
            button = gr.Button("Draw", variant="primary")
        picture = controls.picture("Images")
    calls = _answering(studio.grid, asked, picture)
    button.click(*calls, **HIDDEN)


def _between_tab(studio: Studio) -> None:
    with gr.Tab("Interpolation"), gr.Row():
        with gr.Column(min_width=280):
            asked = [
                controls.seed("From seed"),
                controls.seed("To seed", 1),
                controls.few("Images", 8, 2),
                *controls.choices(studio, None),
            ]
            button = gr.Button("Interpolate", variant="primary")
        picture = controls.picture("From one seed to the other")
    calls = _answering(studio.between, asked, picture)
    button.click(*calls, **HIDDEN)


def _walk_tab(studio: Studio) -> None:
    with gr.Tab("Walk"), gr.Row():
        with gr.Column(min_width=280):
            asked = [
                controls.seed("Seed"),
                gr.Slider(2, 12, 5, step=1, label="Latents to pass"),
                gr.Slider(1, 20, 5, step=1, label="Seconds"),
                *controls.choices(studio, None),
            ]
            button = gr.Button("Walk", variant="primary")
        video = gr.Video(
            label="Walk",
            autoplay=True,
            loop=True,
            interactive=False,
            buttons=["download"],
            elem_classes="made",
        )
    calls = _answering(studio.walk, asked, video)
    button.click(*calls, **HIDDEN)


def _photograph_tab(studio: Studio) -> None:
    task = studio.task
    paints = task is not None and task.name == INPAINT
    height, width = studio.taken[:2]
    with gr.Tab("Photograph"), gr.Row():
        with gr.Column(min_width=280):
            if paints:
                gr.Markdown("Paint over what is to be filled in.")
            fit = gr.Checkbox(
                studio.fits,
                label=f"Cut to the size of training, {width}x{height}",
                visible=task is not None,
            )
            given = controls.canvas() if paints else controls.upload()
            seed = controls.seed("Seed", visible=task is None)
            button = gr.Button("Make", variant="primary")
        picture = controls.picture("What is made of it")

    def make(given: Any, seed: float, fit: bool) -> np.ndarray:
        pixels, mask = controls.painted(given) if paints else (given, None)
        return photograph(studio, pixels, seed, mask, fit)

    asked = [given, seed, fit]
    button.click(*_answering(make, asked, picture), **HIDDEN)


def _project_tab(studio: Studio) -> None:
    with gr.Tab("Projection"), gr.Row():
        with gr.Column(min_width=280):
            photo = controls.upload()
            steps = gr.Slider(10, 1000, 100, step=10, label="Steps")
            distance = gr.Dropdown(
                studio.distances, value="pixels", label="Distance"
            )
            label = controls.class_choice(studio, None)
            button = gr.Button("Project", variant="primary")
        with gr.Column(min_width=280):
            picture = controls.picture(
                "The photograph, and what is nearest to it"
            )
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

        return project(studio, photo, steps, distance, label, show)

    asked = [photo, steps, distance, label]
    outputs = [picture, styles]
    calls = _answering(find, asked, outputs)
    button.click(*calls, show_progress_on=picture, **HIDDEN)


HIDDEN: dict[str, Any] = {
    "api_visibility": "private",
    "concurrency_id": "model",
    "concurrency_limit": 1,
}
"""One request at a time reaches the model, and by the page alone."""


def _answering(
    function: Callable, asked: Any, outputs: Any
) -> tuple[Callable, Any, Any]:
    """Returns what a button calls, whose errors are shown to the user."""
    names = [control.label for control in asked]

    @functools.wraps(function)
    def answer(*values: Any, **more: Any) -> Any:
        given = [
            None
            if name == controls.OF_LATENTS and value >= controls.NONE
            else value
            for name, value in zip(names, values, strict=False)
        ]
        try:
            return function(*given, *values[len(given) :], **more)
        except (ValueError, ImportError, OSError) as error:
            raise gr.Error(
                str(error), title="", print_exception=False
            ) from error

    return answer, asked, outputs
