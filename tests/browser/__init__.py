"""The whole product in a real browser, served by the real server."""
