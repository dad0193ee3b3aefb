"""An app of a GAN for people who would rather look than type, on Gradio."""

import os
from collections.abc import Callable
from typing import Any

from keras_gans.data.optional import import_package

EXTRA = '"keras-gans[app]"'
"""What pip installs for it."""

ALONE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SHARE": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
"""What keeps Gradio from telling anybody anything; read at its import."""

POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "frame-ancestors 'none'; form-action 'self'"
)
"""What a browser may ask for: this server alone."""


def launch(
    gan: Any,
    preset: str,
    host: str = "127.0.0.1",
    port: int = 7860,
    started: Callable[[str], None] = lambda url: None,
    wait: bool = True,
) -> Any:
    """Shows the app of a GAN, until Ctrl-C.

    Args:
        gan: The GAN.
        preset: The name or folder of its preset, for the card and the title.
        host: The address to listen on.
        port: The port; 0 for any that is free.
        started: Called with the app's address once it is there.
        wait: Whether to wait until it is stopped.

    Returns:
        Gradio's `Blocks`, whose `close` stops it.

    Raises:
        ImportError: Where Gradio is not installed, with the line that does.
        OSError: Where the port cannot be had.
        ValueError: For a GAN that makes no pictures.
    """
    os.environ.update(ALONE)
    gr = import_package("gradio", EXTRA)
    from PIL import Image

    from keras_gans.app import page
    from keras_gans.app.card import card_of
    from keras_gans.app.studio import Studio
    from keras_gans.exporting.limits import MOST_PIXELS

    # Gradio decodes uploads by itself. Pillow refuses twice this number.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
    title = os.path.basename(os.path.normpath(preset))
    blocks = page.build(Studio(gan), card_of(preset, gan), title)
    blocks.queue(api_open=False, max_size=32)
    _, url, _ = blocks.launch(
        server_name=host,
        server_port=port or _free_port(host),
        share=False,
        quiet=True,
        show_error=True,
        prevent_thread_lock=True,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        footer_links=[],
        max_file_size="16mb",
        theme=gr.themes.Default(**page.FONTS),
        css=page.CSS,
        app_kwargs={
            "docs_url": None,
            "redoc_url": None,
            "middleware": [(_Policy, (), {})],
        },
    )
    started(url)
    if wait:
        blocks.block_thread()
    return blocks


def _free_port(host: str) -> int:
    import socket

    with socket.create_server((host, 0)) as free:
        return free.getsockname()[1]


class _Policy:
    """Adds `POLICY` to every answer."""

    def __init__(self, app: Any):
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def add(message: Any) -> None:
            if message["type"] == "http.response.start":
                policy = b"content-security-policy", POLICY.encode()
                message["headers"] = [*message["headers"], policy]
            await send(message)

        await self.app(scope, receive, add)
