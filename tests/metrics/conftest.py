"""The marker of tests that other people's libraries decide."""


def pytest_configure(config):
    """Registers the marker `oracle`: `pytest -m oracle tests/metrics`."""
    config.addinivalue_line(
        "markers", "oracle: compares with a library of the extra `[oracles]`"
    )
